import Foundation

/// What a process and its living children have used, as Linux counts it; proc(5).
public struct ProcessFigures: Sendable {
    private let folder: String

    /// The processes that it started and that still run.
    public var children: [Int32] {
        get throws {
            let own = folder.split(separator: "/").last.map(String.init)
            return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap {
                guard let identifier = Int32($0),
                    // One that ended since is no child any more.
                    let fields = try? Self.fields("/proc/\(identifier)"), fields[2] == own,
                    fields[1] != "Z"
                else { return nil }
                return identifier
            }
        }
    }

    /// This process.
    public static let own = ProcessFigures(folder: "/proc/self")

    /// A process of this id.
    public init(of identifier: Int32) { self.init(folder: "/proc/\(identifier)") }

    private init(folder: String) { self.folder = folder }

    /// Processor time of all threads so far, in seconds; counted in hundredths.
    ///
    /// That of children which have ended belongs to it.
    public func processorSeconds() throws -> Double {
        try sum { folder in
            let counts = try Self.fields(folder)[12...15].compactMap { Double($0) }
            return counts.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }

    /// Starts the peak of resident memory anew and returns what is resident now, in bytes.
    public func resetPeak() throws -> Int {
        try sum { folder in
            try "5".write(toFile: "\(folder)/clear_refs", atomically: false, encoding: .utf8)
            return try Self.byteCount("VmRSS:", folder)
        }
    }

    /// The most that was resident since then, in bytes; what processes share counts for each.
    public func peakByteCount() throws -> Int { try sum { try Self.byteCount("VmHWM:", $0) } }

    private func sum<Number: Numeric>(_ figure: (String) throws -> Number) throws -> Number {
        try children.reduce(into: try figure(folder)) { total, child in
            if let more = try? figure("/proc/\(child)") { total += more }
        }
    }

    /// The fields of `stat` after the name, which may hold anything: state, parent and so on.
    private static func fields(_ folder: String) throws -> [String] {
        let text = try String(contentsOfFile: "\(folder)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 15 else { throw CocoaError(.fileReadCorruptFile) }
        return fields.map(String.init)
    }

    private static func byteCount(_ field: String, _ folder: String) throws -> Int {
        let status = try String(contentsOfFile: "\(folder)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
        let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
        guard let kilobytes = number.flatMap({ Int($0) }) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return kilobytes * 1024
    }
}
