import Foundation
import Workflow

/// Where a command writes: results to stdout, messages to stderr, colour only on a terminal.
struct Terminal: Sendable {
    /// The process's own streams.
    static let standard = Terminal()

    /// Whether stdout shows colour.
    let hasColor: Bool
    /// Whether stderr is a terminal, where a progress bar may be redrawn in place.
    let showsProgress: Bool

    private init() {
        let environment = ProcessInfo.processInfo.environment
        let allowsColor = environment["NO_COLOR", default: ""].isEmpty
        hasColor = isatty(STDOUT_FILENO) == 1 && allowsColor && environment["TERM"] != "dumb"
        showsProgress = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    }

    /// Writes a line of results to stdout.
    func say(_ line: String = "") {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    /// Writes a message to stderr.
    func note(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// Writes text to stderr as it is, for progress that is redrawn.
    func draw(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Writes one JSON document to stdout, on one line.
    func say(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        say(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Writes a result: one JSON document for machines, or lines for people.
    func say(_ value: some Encodable, json: Bool, or lines: @autoclosure () -> [String]) throws {
        if json {
            try say(json: value)
        } else {
            lines().forEach { say($0) }
        }
    }

    /// Writes a list: one JSON document an element for machines, or lines for people.
    func say(each values: [some Encodable], json: Bool, or lines: @autoclosure () -> [String])
        throws
    {
        if json {
            for value in values { try say(json: value) }
        } else {
            lines().forEach { say($0) }
        }
    }

    /// Says why a command failed.
    func complain(_ failure: Failure) {
        note("regrade: \(failure.message) [\(failure.code)]")
    }
}

/// Text styles of a terminal (ECMA-48 SGR); plain where there is no colour.
enum TextStyle: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case magenta = "35"
    case cyan = "36"
}

extension Terminal {
    /// The text in a style, or as it is where stdout shows no colour.
    func styled(_ text: String, _ styles: TextStyle...) -> String {
        guard hasColor, !styles.isEmpty else { return text }
        return "\u{1B}[" + styles.map(\.rawValue).joined(separator: ";") + "m\(text)\u{1B}[0m"
    }
}
