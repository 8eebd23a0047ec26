import Foundation

/// A file of lines that is only ever appended to.
///
/// What a crash can leave: a last line without its end, or, after a loss of power, lines of the
/// last append that were never written (bytes of zero). Both are cut off. Everything before the
/// last append was synced, and an append is at most ``appendByteCountLimit``.
struct ExportedFile {
    /// How much is appended between two syncs; bounds what has to be examined after a crash.
    static let appendByteCountLimit = 1 << 20

    let file: URL
    private let descriptor: FileDescriptor
    private(set) var byteCount: Int64

    /// The last line that is whole; nil in an empty file.
    private(set) var lastLine: Data?

    /// Opens or creates the file and cuts a torn end.
    init(repairing file: URL) throws(CaseStoreError) {
        try self.init(file)
        try cutTornEnd()
    }

    /// Opens or creates the file, which the caller knows to end with a whole line.
    init(_ file: URL) throws(CaseStoreError) {
        self.file = file
        let isNew = !FileSystem.exists(file)
        descriptor = try FileSystem.open(file, O_RDWR | O_CREAT)
        if isNew { try FileSystem.syncFolder(file.deletingLastPathComponent()) }
        byteCount = FileSystem.status(file)?.byteCount ?? 0
        try descriptor.seekToEnd()
    }

    /// Appends whole lines and makes them durable.
    mutating func append(_ lines: Data) throws(CaseStoreError) {
        try descriptor.write(lines)
        try descriptor.sync()
        byteCount += Int64(lines.count)
    }

    private mutating func cutTornEnd() throws(CaseStoreError) {
        var windowByteCount = Int64(Self.appendByteCountLimit)
        while true {
            let start = max(0, byteCount - windowByteCount)
            let window = try descriptor.read(at: start, count: Int(byteCount - start))
            // The window may start inside a line; only what follows its first newline is judged.
            let judged = start == 0 ? window[...] : window.afterFirstNewline
            if let judged, let kept = judged.wholeLines(startsFile: start == 0) {
                let end = start + Int64(kept.end - window.startIndex)
                if end < byteCount {
                    try descriptor.truncate(to: end)
                    try descriptor.sync()
                    byteCount = end
                }
                lastLine = kept.last
                break
            }
            windowByteCount *= 2
        }
        try descriptor.seekToEnd()
    }
}

extension Data {
    fileprivate var afterFirstNewline: Data? {
        firstIndex(of: UInt8(ascii: "\n")).map { self[index(after: $0)...] }
    }

    /// Where the whole lines end, and the last of them.
    ///
    /// - Parameter startsFile: Whether nothing stands before these bytes.
    /// - Returns: Nil if more of the file is needed to find a whole line.
    fileprivate func wholeLines(startsFile: Bool) -> (end: Index, last: Data?)? {
        // A control character never stands in a line: it is a hole that was never written.
        let sound = firstIndex { $0 < 0x20 && $0 != UInt8(ascii: "\n") } ?? endIndex
        guard let newline = self[..<sound].lastIndex(of: UInt8(ascii: "\n")) else {
            return startsFile ? (startIndex, nil) : nil
        }
        let before = self[..<newline]
        if let previous = before.lastIndex(of: UInt8(ascii: "\n")) {
            return (index(after: newline), Data(before[index(after: previous)...]))
        }
        return (index(after: newline), Data(before))
    }
}
