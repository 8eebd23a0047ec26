import Foundation
internal import GRDB
import ReturnsDomain

extension Exporter {
    /// Reads back how far a stream's files are, repairs their end and checks it with the database.
    func resume(_ stream: ExportStream, head: Int64) throws -> Position {
        try stream.growingFile(in: directory) == nil
            ? resumeInSegments(stream, head: head) : resumeInGrowingFile(stream)
    }

    // MARK: - Streams whose file being written has a name of its own

    private func resumeInGrowingFile(_ stream: ExportStream) throws -> Position {
        let url = stream.writtenFile(forSegment: 1, in: directory)
        try createFolder(url.deletingLastPathComponent())
        try options.beforeStep()
        let file = try ExportedFile(repairing: url)
        guard let line = file.lastLine else {
            // Nothing to go on from: what was there before is in numbered segments.
            let last = try database.read { db in try stream.lastSeq(in: db) } ?? 1
            let segment = stream.layout.number(of: last)
            try restoreSegments(of: stream, before: segment)
            let seq = stream.layout.seqs(of: segment).lowerBound - 1
            return Position(seq: seq, file: url, segment: nil)
        }
        let seq = try checked(line, of: stream, file: url)
        let segment = stream.layout.number(of: seq)
        guard try Self.firstSeq(in: url).map(stream.layout.number(of:)) == segment else {
            // Written by a build without segments; the database writes it anew in segments.
            try options.beforeStep()
            try FileSystem.remove(url)
            return try resumeInGrowingFile(stream)
        }
        try restoreSegments(of: stream, before: segment)
        return Position(seq: seq, file: url, segment: segment)
    }

    private static func firstSeq(in file: URL) throws -> Int64? {
        var reader = try LineReader(file)
        return try reader.next().flatMap { ExportStream.seq(ofLine: $0.bytes) }
    }

    /// Writes numbered segments that were deleted; those that exist are complete.
    private func restoreSegments(of stream: ExportStream, before end: Int64) throws {
        for number in stride(from: 1, to: end, by: 1)
        where !FileSystem.exists(stream.segment(number, in: directory)) {
            try rebuild(stream, segment: number)
        }
    }

    // MARK: - The audit log, which is written into its segments

    private func resumeInSegments(_ stream: ExportStream, head: Int64) throws -> Position {
        try createFolder(stream.segmentFolder(in: directory))
        let segment = stream.layout.number(of: max(head, 1))
        try completeSegments(of: stream, before: segment)
        let url = stream.segment(segment, in: directory)
        try options.beforeStep()
        let file = try ExportedFile(repairing: url)
        let before = stream.layout.seqs(of: segment).lowerBound - 1
        let seq = try file.lastLine.map { try checked($0, of: stream, file: url) } ?? before
        return Position(seq: seq, file: url, segment: segment)
    }

    /// Completes the segments before the one being filled: one may have been deleted, or the
    /// exporter may have been killed before it was full.
    ///
    /// A segment whose successor exists is full: they are filled in order, and one that is missing
    /// is written under another name first.
    private func completeSegments(of stream: ExportStream, before end: Int64) throws {
        for number in stride(from: 1, to: end, by: 1) {
            let url = stream.segment(number, in: directory)
            let seqs = stream.layout.seqs(of: number)
            if !FileSystem.exists(url) {
                try rebuild(stream, segment: number)
            } else if !FileSystem.exists(stream.segment(number + 1, in: directory)) {
                let last = try ExportedFile(repairing: url).lastLine
                let seq = try last.map { try checked($0, of: stream, file: url) }
                var position = Position(
                    seq: seq ?? seqs.lowerBound - 1, file: url, segment: number)
                while position.seq < seqs.upperBound {
                    guard try appendSome(stream, to: &position) else { break }
                }
            }
        }
    }

    // MARK: - Both

    /// The number of a file's last line, which must be the database's.
    private func checked(_ line: Data, of stream: ExportStream, file: URL) throws -> Int64 {
        let seq = ExportStream.seq(ofLine: line) ?? 0
        let expected = try database.read { db in try stream.line(seq, in: db) }
        if let expected, expected.bytes == ExportStream.erasedLine(seq), expected.bytes != line {
            // Erased in the database, and whoever did it has not come to the file yet.
            try erase([seq], in: file)
            return seq
        }
        guard expected?.bytes == line else {
            throw CaseStoreError.exportDiverges(file: file.lastPathComponent, seq: seq)
        }
        return seq
    }

    /// Writes a whole segment from the database, under another name first; a segment without lines
    /// has no file.
    private func rebuild(_ stream: ExportStream, segment: Int64) throws {
        let url = stream.segment(segment, in: directory)
        let seqs = stream.layout.seqs(of: segment)
        var batch = try batch(of: stream, after: seqs.lowerBound - 1)
        guard batch.segment == segment else { return }
        try createFolder(url.deletingLastPathComponent())
        let temporary = url.appendingPathExtension("new")
        try options.beforeStep()
        try FileSystem.remove(temporary)
        var file = try ExportedFile(temporary)
        while batch.segment == segment {
            try options.beforeStep()
            try file.append(batch.bytes)
            batch = try self.batch(of: stream, after: batch.last)
        }
        try options.beforeStep()
        try FileSystem.rename(temporary, to: url)
        try FileSystem.syncFolder(url.deletingLastPathComponent())
    }
}
