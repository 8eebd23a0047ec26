import Foundation

/// What a process has used, as Linux counts it; proc(5).
public struct ProcessFigures: Sendable {
    private let folder: String

    /// This process.
    public static let own = ProcessFigures(folder: "/proc/self")

    /// A process of this id.
    public init(of identifier: Int32) { self.init(folder: "/proc/\(identifier)") }

    private init(folder: String) { self.folder = folder }

    /// Processor time of all threads so far, in seconds; counted in hundredths.
    public func processorSeconds() throws -> Double {
        let text = try String(contentsOfFile: "\(folder)/stat", encoding: .utf8)
        // The name, in parentheses, may hold anything; user time is the 12th field after it.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13])
        else { throw CocoaError(.fileReadCorruptFile) }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Starts the peak of resident memory anew and returns what is resident now, in bytes.
    public func resetPeak() throws -> Int {
        try "5".write(toFile: "\(folder)/clear_refs", atomically: false, encoding: .utf8)
        return try byteCount("VmRSS:")
    }

    /// The most that was resident since then, in bytes.
    public func peakByteCount() throws -> Int { try byteCount("VmHWM:") }

    private func byteCount(_ field: String) throws -> Int {
        let status = try String(contentsOfFile: "\(folder)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
        let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
        guard let kilobytes = number.flatMap({ Int($0) }) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return kilobytes * 1024
    }
}
