import Crypto
public import DecisionPolicy
public import Foundation
public import ReturnsDomain
import Yams

/// A policy with the hash of the file it came from.
public struct LoadedPolicy: Hashable, Sendable {
    /// The checked policy.
    public let policy: Policy
    /// SHA-256 of the file's bytes.
    public let sha256: ContentHash

    /// The most bytes a policy file may have: ten times the shipped one, texts included.
    public static let byteCountLimit = 262_144

    /// Parses and checks a policy file: YAML, of which JSON is a part.
    ///
    /// - Parameter bytes: UTF-8 text; the format is described in `docs/policy.md`.
    /// - Throws: ``PolicyFileError/invalid(_:)`` with every mistake and its place.
    public init(bytes: Data) throws(PolicyFileError) {
        try self.init(bytes: bytes, fillsReasons: true)
    }

    /// Parses and checks a policy file that may have to have a text for every reason.
    init(bytes: Data, fillsReasons: Bool) throws(PolicyFileError) {
        guard bytes.count <= Self.byteCountLimit else {
            throw .tooLarge(limit: Self.byteCountLimit)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        let problems = PolicyFileProblems()
        let policy = try Self.root(of: text).flatMap { root in
            PolicyFileReader(
                root: PolicyFileNode(node: root, member: "", problems: problems),
                fillsReasons: fillsReasons
            ).policy()
        }
        guard let policy, problems.all.isEmpty else {
            throw .invalid(
                problems.all.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
        }
        self.policy = policy
        sha256 = ContentHash(digest: SHA256.hash(data: bytes))
    }

    /// Reads and checks a policy file on disk.
    ///
    /// - Throws: ``PolicyFileError``; at most one byte more than the limit is read.
    public init(path: String) throws(PolicyFileError) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw .unreadable(path: path)
        }
        defer { try? file.close() }
        let bytes: Data?
        do {
            bytes = try file.read(upToCount: Self.byteCountLimit + 1)
        } catch {
            throw .unreadable(path: path)
        }
        try self.init(bytes: bytes ?? Data())
    }

    /// The policy that Regrade ships with, compiled into the program.
    ///
    /// - Throws: ``PolicyFileError`` never in a tested build; the tests load it.
    public static func shipped() throws(PolicyFileError) -> LoadedPolicy {
        try LoadedPolicy(bytes: shippedBytes, fillsReasons: false)
    }

    /// The shipped policy file as text to copy and change.
    public static var shippedBytes: Data { Data(PackageResources.shipped_policy_yaml) }

    /// What documents cite for a decision under one rule.
    public func version(rule: String) -> PolicyVersion {
        PolicyVersion(id: policy.id, version: policy.version, sha256: sha256, rule: rule)
    }

    private static func root(of text: String) throws(PolicyFileError) -> Node? {
        do {
            guard let root = try Parser(yaml: text).singleRoot() else {
                throw PolicyFileError.invalid([
                    PolicyFileProblem(line: 1, column: 1, member: "", message: "the file is empty")
                ])
            }
            return root
        } catch let error as PolicyFileError {
            throw error
        } catch {
            throw .invalid([syntaxProblem(error)])
        }
    }

    private static func syntaxProblem(_ error: any Error) -> PolicyFileProblem {
        func problem(_ message: String, at mark: Mark?) -> PolicyFileProblem {
            PolicyFileProblem(
                line: mark?.line ?? 1, column: mark?.column ?? 1, member: "", message: message)
        }
        switch error as? YamlError {
        case .scanner(_, let message, let mark, _), .parser(_, let message, let mark, _),
            .composer(_, let message, let mark, _):
            return problem("is no YAML: \(message)", at: mark)
        case .duplicatedKeysInMapping(let names, let context):
            return problem(
                "states more than once: \(names.joined(separator: ", "))", at: context.mark)
        case .reader(let message, _, _, _):
            return problem("is no YAML: \(message)", at: nil)
        default:
            return problem("is no YAML: \(error)", at: nil)
        }
    }
}
