import Foundation
import ReturnsDomain

extension Exporter {
    /// Replaces lines by the line of something erased, in whatever files they lie.
    ///
    /// Each file is written anew under another name, synced, and renamed; copies that a kill left
    /// half written are removed. Waits until no other process writes the files. May be repeated
    /// after any failure; lines that are erased already, or not exported yet, are no error: what is
    /// exported later comes from the database.
    ///
    /// - Parameters:
    ///   - seqs: The numbers of the lines, as the lines state them: `seq`, or `audit.seq` of an
    ///     adjudication.
    ///   - tenant: Whose lines.
    func erase(_ seqs: [ExportStream.Kind: Set<Int64>], of tenant: Tenant) async throws {
        try await holdingLock { [self] in
            for (kind, seqs) in seqs {
                let stream = stream(kind, of: tenant)
                let segments = Dictionary(grouping: seqs, by: stream.layout.number(of:))
                for (segment, seqs) in segments {
                    try erase(Set(seqs), in: stream.segment(segment, in: directory))
                }
                if let growing = stream.growingFile(in: directory) {
                    try erase(seqs, in: growing)
                }
            }
        }
    }

    /// Replaces lines of one file by the line of something erased; the caller is the exporter.
    func erase(_ seqs: Set<Int64>, in file: URL) throws {
        let temporary = file.appendingPathExtension("new")
        try options.beforeStep()
        // What a kill left of an earlier attempt, or of a rebuilt segment, may hold these lines.
        try FileSystem.remove(temporary)
        guard FileSystem.exists(file), try Self.holds(seqs, file) else { return }
        try options.beforeStep()
        var copy = try ExportedFile(temporary)
        var reader = try LineReader(file)
        var pending = Data()
        // A torn end is left out; the next export writes it again.
        while let line = try reader.next(), line.isWhole {
            let seq = ExportStream.seq(ofLine: line.bytes)
            let erased = seq.flatMap { seqs.contains($0) ? ExportStream.erasedLine($0) : nil }
            pending.append(erased ?? line.bytes)
            pending.append(UInt8(ascii: "\n"))
            if pending.count >= ExportedFile.appendByteCountLimit {
                try copy.append(pending)
                pending.removeAll(keepingCapacity: true)
            }
        }
        try copy.append(pending)
        try options.beforeStep()
        try FileSystem.rename(temporary, to: file)
        try FileSystem.syncFolder(file.deletingLastPathComponent())
    }

    /// Whether a file has one of the lines, not erased yet.
    private static func holds(_ seqs: Set<Int64>, _ file: URL) throws -> Bool {
        var reader = try LineReader(file)
        while let line = try reader.next() {
            // Any torn end may be a line to erase.
            guard line.isWhole else { return true }
            if let seq = ExportStream.seq(ofLine: line.bytes), seqs.contains(seq),
                line.bytes != ExportStream.erasedLine(seq)
            {
                return true
            }
        }
        return false
    }
}

extension CaseStore {
    /// Rewrites exported lines of this tenant as erased; see ``Exporter/erase(_:of:)``.
    ///
    /// Call it after the transaction that erased them in the database, and again after a failure or
    /// a kill. Nothing but this changes a line that was exported.
    ///
    /// - Parameters:
    ///   - queueEvents: `seq` of lines of the review queue.
    ///   - adjudications: `audit.seq` of adjudications.
    package func eraseExportedLines(
        queueEvents: Set<Int64>, adjudications: Set<Int64>
    ) async throws(CaseStoreError) {
        let tenant = tenant
        do {
            try await exporter.erase(
                [.reviewQueue: queueEvents, .adjudications: adjudications], of: tenant)
        } catch {
            throw CaseStoreError(error)
        }
    }
}
