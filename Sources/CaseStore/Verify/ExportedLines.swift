import Foundation

/// The lines of a stream's files as they were at one moment, one file after the other.
struct ExportedLines {
    let stream: ExportStream
    /// The present file's name.
    private(set) var name: String

    private let folder: URL
    /// The numbered segments and their sizes.
    private var segments: [Int64: Int64] = [:]
    /// The file being written, if it has a name of its own.
    private var growing: Growing?
    private var segment: Int64?
    private var reader: LineReader?

    private struct Growing {
        let name: String
        let reader: LineReader
        /// The segment of its lines; nil if its first line does not tell.
        let segment: Int64?
    }

    /// Looks which files there are.
    ///
    /// The file being written is opened before the segments are listed: if it becomes a segment in
    /// between, its lines are seen twice and ``growing`` is dropped, but never missed.
    init(_ stream: ExportStream, in directory: DataDirectory) throws {
        try self.init(
            stream, folder: stream.segmentFolder(in: directory),
            growing: stream.growingFile(in: directory))
    }

    /// Looks at a copy of a stream's files.
    init(_ stream: ExportStream, folder: URL, growing file: URL?) throws {
        self.stream = stream
        self.folder = folder
        name = file?.lastPathComponent ?? ""
        if let file, FileSystem.exists(file) {
            let descriptor = try FileSystem.open(file, O_RDONLY)
            let byteCount = try descriptor.byteCount()
            var first = LineReader(descriptor, byteCount: byteCount)
            let seq = try first.next().flatMap { ExportStream.seq(ofLine: $0.bytes) }
            growing = Growing(
                name: file.lastPathComponent,
                reader: LineReader(descriptor, byteCount: byteCount),
                segment: seq.map(stream.layout.number(of:)))
        }
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in names ?? [] {
            guard let number = SegmentLayout.number(inName: name) else { continue }
            segments[number] = FileSystem.status(folder.appending(path: name))?.byteCount
        }
        if let number = growing?.segment, segments[number] != nil { growing = nil }
    }

    /// Goes to the file where a line belongs; one that does not exist has no lines.
    ///
    /// - Returns: False if the file before has lines left.
    mutating func move(toLine seq: Int64) throws -> Bool {
        let number = stream.layout.number(of: seq)
        guard number != segment else { return true }
        if try next() != nil { return false }
        segment = number
        if let byteCount = segments.removeValue(forKey: number) {
            let file = folder.appending(path: SegmentLayout.name(number))
            name = stream.kind == .audit ? file.lastPathComponent : Self.longName(of: file)
            // A segment that was written as another file is complete; erasure may have replaced it.
            reader = try LineReader(file, byteCount: stream.kind == .audit ? byteCount : nil)
        } else if let growing, growing.segment == nil || growing.segment == number {
            name = growing.name
            reader = growing.reader
            self.growing = nil
        } else {
            reader = nil
        }
        return true
    }

    /// The next line of the present file; nil at its end.
    mutating func next() throws -> LineReader.Line? {
        try reader?.next()
    }

    /// Whether anything is left, in the present file or in others.
    mutating func hasMore() throws -> Bool {
        if try next() != nil { return true }
        if let number = segments.keys.min() {
            name = Self.longName(of: folder.appending(path: SegmentLayout.name(number)))
            return true
        }
        guard let growing else { return false }
        name = growing.name
        var reader = growing.reader
        return try reader.next() != nil
    }

    /// With the folder, because segments of several streams have the same names.
    private static func longName(of file: URL) -> String {
        file.deletingLastPathComponent().lastPathComponent + "/" + file.lastPathComponent
    }
}
