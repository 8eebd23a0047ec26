import Foundation

/// Reads a file line by line with bounded memory.
struct LineReader {
    /// One line without its newline.
    struct Line {
        let bytes: Data
        /// Whether a newline ends it; false only for a torn last line.
        let isWhole: Bool
    }

    /// The longest line that is read; far above every line that the exporter writes.
    static let lineByteCountLimit = 64 << 20

    private static let chunkByteCount = 1 << 20

    private let descriptor: FileDescriptor
    private let end: Int64
    private var offset: Int64 = 0
    private var chunk = Data()

    /// Opens a file for reading.
    ///
    /// - Parameter byteCount: Where to stop; nil for the end of the file.
    init(_ file: URL, byteCount: Int64? = nil) throws(CaseStoreError) {
        try self.init(
            FileSystem.open(file, O_RDONLY),
            byteCount: byteCount ?? FileSystem.status(file)?.byteCount ?? 0)
    }

    /// Reads an open file from its start up to `byteCount`.
    init(_ descriptor: FileDescriptor, byteCount: Int64) {
        self.descriptor = descriptor
        end = byteCount
    }

    /// The next line; nil at the end.
    mutating func next() throws(CaseStoreError) -> Line? {
        while true {
            if let newline = chunk.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Line(bytes: chunk[..<newline], isWhole: true)
                chunk = chunk[chunk.index(after: newline)...]
                return line
            }
            let wanted = min(Int64(Self.chunkByteCount), end - offset)
            if wanted <= 0 || chunk.count > Self.lineByteCountLimit {
                defer { chunk = Data() }
                return chunk.isEmpty ? nil : Line(bytes: chunk, isWhole: false)
            }
            let more = try descriptor.read(at: offset, count: Int(wanted))
            guard !more.isEmpty else {
                offset = end
                continue
            }
            offset += Int64(more.count)
            chunk = Data(chunk) + more
        }
    }
}
