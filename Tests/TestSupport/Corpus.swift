public import Foundation

/// The image files that nobody on the project made: `../shared/corpora` beside the checkout.
///
/// They are not part of the repository; suites that read them are `.enabled(if: Corpus.isPresent)`.
public enum Corpus {
    /// What the manifest expects of a file.
    public enum Expectation: String, Sendable {
        /// Decodes without a flag.
        case decode
        /// Decodes and is flagged as damaged.
        case decodeFlagged = "decode_flagged"
        /// Either, but never decoded without a flag.
        case decodeFlaggedOrRefuse = "decode_flagged_or_refuse"
        /// Refused as broken or of an unsupported kind.
        case refuse
        /// Refused by a named limit.
        case refuseLimit = "refuse_limit"
        /// Refused as no picture that is accepted.
        case unsupported
        /// Either, within the promised cost.
        case bounded
    }

    /// One row of the manifest.
    public struct Entry: Sendable, CustomStringConvertible {
        /// Path below the corpus folder.
        public let path: String
        /// What should become of the file.
        public let expectation: Expectation
        /// What the reference decoder said.
        public let referenceMessage: String

        /// The folder that the file lies in.
        public var folder: String { String(path.prefix { $0 != "/" }) }

        /// The file's name without its folder.
        public var name: String { String(path.drop { $0 != "/" }.dropFirst()) }

        /// The path, for messages of parameterised tests.
        public var description: String { path }
    }

    /// Where the corpus lies, or nil where there is none.
    public static let directory = Repository.shared("corpora")

    /// Whether the corpus is there; says so once if it is not.
    public static let isPresent: Bool = {
        if directory == nil { print("skipped: no corpus of image files beside the checkout") }
        return directory != nil
    }()

    /// The manifest's rows; empty where there is no corpus.
    public static let entries: [Entry] = {
        guard let manifest = directory?.appending(path: "manifest.csv"),
            let text = try? String(contentsOf: manifest, encoding: .utf8)
        else { return [] }
        let rows = text.split(whereSeparator: \.isNewline).map(fields)
        guard let header = rows.first, let path = header.firstIndex(of: "path"),
            let message = header.firstIndex(of: "reference_message"),
            let expect = header.firstIndex(of: "expect")
        else { return [] }
        return rows.dropFirst().compactMap { row in
            guard row.count == header.count, let expectation = Expectation(rawValue: row[expect])
            else { return nil }
            return Entry(
                path: row[path], expectation: expectation, referenceMessage: row[message])
        }
    }()

    /// The manifest's rows for one folder.
    public static func entries(in folder: String) -> [Entry] {
        entries.filter { $0.folder == folder }
    }

    /// The bytes of a file below the corpus folder.
    public static func bytes(_ path: String) throws -> [UInt8] {
        guard let directory else { throw CocoaError(.fileNoSuchFile) }
        return try Array(Data(contentsOf: directory.appending(path: path)))
    }

    /// The fields of one CSV line; the manifest quotes fields that hold a comma.
    private static func fields(_ line: some StringProtocol) -> [String] {
        var fields: [String] = [""]
        var isQuoted = false
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                fields.append("")
            } else {
                fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
