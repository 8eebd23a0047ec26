import Foundation
public import Logging

/// Writes log lines to standard error: text for people, or one JSON object a line.
///
/// What is logged is the service's own words, ids and numbers; never a header, a query or a body.
public struct ServiceLog: LogHandler {
    /// Which lines are written.
    public var logLevel = Logger.Level.info
    /// What every line carries.
    public var metadata: Logger.Metadata = [:]
    private let writesJSON: Bool

    /// Creates a handler.
    public init(writesJSON: Bool) {
        self.writesJSON = writesJSON
    }

    /// A logger of the service.
    public static func logger(writesJSON: Bool) -> Logger {
        Logger(label: "regrade") { _ in ServiceLog(writesJSON: writesJSON) }
    }

    /// One member of what every line carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var members = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        // Hummingbird's own number of a request is not the one that clients see.
        members["hb.request.id"] = nil
        let line = Self.line(
            level: event.level.rawValue, message: event.message.description, members: members,
            json: writesJSON)
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// The line without its end; control characters never start another line.
    static func line(
        level: String, message: String, members: [String: String], json: Bool
    ) -> String {
        let now = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        if json {
            let own = ["at": now, "level": level, "message": message]
            return String(
                decoding: AnswerJSON.bytes(members.merging(own) { $1 }), as: UTF8.self)
        }
        let pairs = members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let text = ([now, level, message] + pairs).joined(separator: " ")
        return String(
            text.map { $0.isNewline || $0.asciiValue.map { $0 < 0x20 } == true ? " " : $0 })
    }
}
