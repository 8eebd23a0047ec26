import CaseStore
import Crypto
import Foundation
import Testing

/// Backups whose manifest fits, because whoever made them wrote it anew.
@Suite struct ForgedBackupTests {
    let directory = TemporaryDirectory()

    /// A name that leads out of the folder would plant a file anywhere.
    @Test(arguments: ["../planted", "photos/../../planted", "keys/wrapping.key", "/tmp/planted"])
    func aFileThatNoBackupHoldsIsNotUnpacked(name: String) async throws {
        let file = directory.url.deletingLastPathComponent().appending(
            path: "\(directory.url.lastPathComponent).backup")
        defer { try? FileManager.default.removeItem(at: file) }
        do {
            let store = try await CaseStore.open(at: directory.url)
            try await store.record([.fixture(photo: Data("a picture".utf8))])
            _ = try await store.backup(to: file)
        }
        var archive = try TarBlocks(Data(contentsOf: file))
        try archive.plant(Data("planted".utf8), named: name)
        try archive.bytes.write(to: file)

        await #expect {
            try await CaseStore.restore(from: file, into: directory.url)
        } throws: { error in
            "\(error)".contains("'\(name)', which is no part of a backup")
        }
    }
}

/// A tar archive as blocks, and what a forger does with them: tar(5).
private struct TarBlocks {
    private(set) var bytes: Data

    init(_ bytes: Data) throws { self.bytes = bytes }

    /// Puts a file at the front and writes the manifest, which is the last file, for the result.
    mutating func plant(_ contents: Data, named name: String) throws {
        let start = try #require(manifestStart())
        var manifest = try #require(
            JSONSerialization.jsonObject(
                with: bytes[start + 512..<start + 512 + size(at: start)]) as? [String: Any])
        let before = Self.file(name, contents, like: bytes.prefix(512)) + bytes[..<start]
        manifest["bytes"] = before.count
        manifest["sha256"] = SHA256.hash(data: before).map { byte in
            String(UInt16(byte) + 256, radix: 16).dropFirst()
        }.joined()
        manifest["photos"] = try #require(manifest["photos"] as? Int) + 1
        let written = try JSONSerialization.data(withJSONObject: manifest)
        bytes =
            before
            + Self.file("manifest.json", written, like: bytes[start..<start + 512])
            + Data(count: 1024)
    }

    private func size(at start: Int) -> Int {
        Int(String(decoding: bytes[start + 124..<start + 135], as: UTF8.self), radix: 8) ?? 0
    }

    private func manifestStart() -> Int? {
        var start = 0
        while start + 512 <= bytes.count {
            if bytes[start...].starts(with: Data("manifest.json\0".utf8)) { return start }
            start += 512 + (size(at: start) + 511) / 512 * 512
        }
        return nil
    }

    /// A file with its header, made from another's, and its padding.
    private static func file(_ name: String, _ contents: Data, like header: Data) -> Data {
        var block = [UInt8](header)
        func put(_ text: String, at offset: Int, count: Int) {
            let field = Array(text.utf8)
            block.replaceSubrange(
                offset..<offset + count,
                with: field + Array(repeating: 0, count: count - field.count))
        }
        func octal(_ value: Int, digits: Int) -> String {
            String(String(value + 1 << (3 * digits), radix: 8).dropFirst())
        }
        put(name, at: 0, count: 100)
        put(octal(contents.count, digits: 11), at: 124, count: 12)
        put("        ", at: 148, count: 8)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6) + "\0 ", at: 148, count: 8)
        return Data(block) + contents + Data(count: (512 - contents.count % 512) % 512)
    }
}
