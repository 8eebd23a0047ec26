import Dispatch
import Foundation
import Synchronization

/// A file of spans, one line each, that never holds up who makes them and never fills a disk.
///
/// At ``byteCountLimit`` it is renamed to `NAME.1`, in the place of the one before.
public final class TraceFile: Sendable {
    /// Bytes of the file before it is renamed: 64 MB.
    public static let byteCountLimit = 64_000_000
    /// Spans that wait to be written; more are dropped.
    static let waitingCountLimit = 10_000

    private let path: String
    private let version: String
    private let byteCountLimit: Int
    private let queue = DispatchQueue(label: "regrade.traces")
    private let waitingCount = Atomic(0)
    /// Locked on the queue alone, so that nobody waits for the disk.
    private let output: Mutex<Output>

    private struct Output {
        var handle: FileHandle?
        var byteCount: Int
    }

    /// Opens the file, or makes it with mode 0600.
    ///
    /// - Parameter version: That of the program.
    /// - Throws: ``TraceFileError``.
    public convenience init(path: String, version: String) throws(TraceFileError) {
        try self.init(path: path, version: version, byteCountLimit: Self.byteCountLimit)
    }

    /// Opens a file that is renamed at another size, for tests.
    package init(path: String, version: String, byteCountLimit: Int) throws(TraceFileError) {
        self.path = path
        self.version = version
        self.byteCountLimit = byteCountLimit
        let (handle, byteCount) = try Self.open(path)
        output = Mutex(Output(handle: handle, byteCount: byteCount))
    }

    private static func open(_ path: String) throws(TraceFileError) -> (FileHandle, Int) {
        let files = FileManager.default
        if !files.fileExists(atPath: path) {
            _ = files.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        do {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            return (handle, Int(clamping: try handle.seekToEnd()))
        } catch {
            throw TraceFileError(path: path, reason: error.localizedDescription)
        }
    }

    /// Has a span written soon, unless too many wait.
    func append(_ span: SpanDocument) {
        let count = waitingCount.add(1, ordering: .relaxed).newValue
        guard count <= Self.waitingCountLimit else {
            waitingCount.subtract(1, ordering: .relaxed)
            return
        }
        queue.async { [self] in
            write(span)
            waitingCount.subtract(1, ordering: .relaxed)
        }
    }

    /// Waits until what was handed in is in the file.
    func flush() { queue.sync {} }

    /// A line that cannot be written is lost: traces are not worth a request.
    private func write(_ span: SpanDocument) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let document = try? encoder.encode(TraceLine(span, version: version)) else { return }
        let line = document + Data("\n".utf8)
        output.withLock { output in
            if output.byteCount + line.count > byteCountLimit { startAnew(&output) }
            guard (try? output.handle?.write(contentsOf: line)) != nil else { return }
            output.byteCount += line.count
        }
    }

    private func startAnew(_ output: inout Output) {
        try? output.handle?.close()
        _ = unsafe rename(path, path + ".1")
        let opened = try? Self.open(path)
        output.handle = opened?.0
        output.byteCount = 0
    }
}

/// A file of traces cannot be written to.
public struct TraceFileError: Error, Hashable, CustomStringConvertible {
    /// Which file.
    public let path: String
    /// What the system says.
    public let reason: String

    /// The file and the reason.
    public var description: String { "traces cannot be written to \(path): \(reason)" }
}
