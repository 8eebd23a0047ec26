import CaseStore
import Crypto
import Foundation
import ReturnsDomain
import Testing

/// An exported audit log in the hands of someone who changes it.
struct AuditFolder {
    let url: URL
    /// The log as it was exported.
    let lines: [String]
    let checkpoints: [String]
    let publicKey: String

    /// Exports the log of a store.
    init(exporting store: CaseStore, to url: URL) async throws {
        _ = try await store.exportAuditLog(to: url)
        self.url = url
        lines = try CaseStoreTests.lines(url.appending(path: "00000001.jsonl"))
        checkpoints = try CaseStoreTests.lines(url.appending(path: "checkpoints.jsonl"))
        publicKey = String(
            decoding: try Data(contentsOf: url.appending(path: "public-key.txt")), as: UTF8.self)
    }

    /// Replaces files; nil leaves one as it is, an empty list removes it.
    func write(
        lines: [String]? = nil, checkpoints: [String]? = nil, publicKey: String? = nil
    ) throws {
        try write(lines, to: "00000001.jsonl")
        try write(checkpoints, to: "checkpoints.jsonl")
        if let publicKey {
            try Data(publicKey.utf8).write(to: url.appending(path: "public-key.txt"))
        }
    }

    private func write(_ lines: [String]?, to name: String) throws {
        guard let lines else { return }
        let file = url.appending(path: name)
        if lines.isEmpty {
            try FileManager.default.removeItem(at: file)
        } else {
            try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: file)
        }
    }

    func restore() throws {
        try write(lines: lines, checkpoints: checkpoints, publicKey: publicKey)
    }

    func verify(_ witness: AuditWitness = .none) async throws -> AuditVerification {
        try await AuditVerifier.verify(url, witness: witness)
    }

    /// The log with one word replaced in one line, and every hash from there computed anew.
    func rewritten(line: Int, replacing old: String, with new: String) throws -> [String] {
        var prev =
            line == 0 ? String(repeating: "0", count: 64) : try Self.hash(of: lines[line - 1])
        return try lines.enumerated().map { index, text in
            guard index >= line else { return text }
            let changed = index == line ? text.replacing(old, with: new) : text
            let unhashed = changed.replacing(
                "\"hash\":\"\(try Self.hash(of: text))\",", with: ""
            ).replacing(
                "\"prev\":\"\(index == 0 ? prev : try Self.hash(of: lines[index - 1]))\"",
                with: "\"prev\":\"\(prev)\"")
            let digest = SHA256.hash(data: Data(("regrade-audit-v1" + unhashed).utf8))
            prev = ContentHash(digest: digest).description
            return unhashed.replacing(
                ",\"inspection\":", with: ",\"hash\":\"\(prev)\",\"inspection\":")
        }
    }

    /// One checkpoint over all lines, signed by whoever has the signer.
    static func checkpoint(over lines: [String], by signer: NoteSigner) throws -> String {
        var tree = MerkleFrontier()
        for line in lines { tree.append(MerkleHash(leaf: Data(line.utf8))) }
        let checkpoint = Checkpoint(origin: signer.key.name, size: tree.size, root: tree.root)
        let line = CanonicalJSON.object([
            "note": .string(try signer.note(checkpoint.text)), "seq": .integer(1),
        ])
        return String(decoding: line.bytes, as: UTF8.self)
    }

    private static func hash(of line: String) throws -> String {
        try #require(try members(line)["hash"] as? String)
    }
}

extension CaseStore {
    /// Adds short entries to the audit log.
    func addEntries(_ count: Int, named prefix: String = "reviewer") async throws {
        for index in 0..<count { try await addReviewer(name: "\(prefix)-\(index)") }
    }
}
