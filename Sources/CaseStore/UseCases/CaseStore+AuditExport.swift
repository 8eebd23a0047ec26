public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Writes the audit log with its checkpoints and public key into a folder for an auditor.
    ///
    /// The export is logged first, and a checkpoint signed over it, so the copy ends with the entry
    /// that says it was made. Lines come from the database, not from the exported files.
    ///
    /// - Parameter folder: Does not exist yet, or is empty.
    /// - Returns: How many entries were written.
    /// - Throws: ``CaseStoreError/folderNotEmpty(path:)`` and what the disk may throw.
    public func exportAuditLog(
        to folder: URL, actor: AuditActor = .operatorOnHost
    ) async throws(CaseStoreError) -> Int64 {
        let (tenant, keys) = (tenant, exporter.keys)
        let present = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        guard present?.isEmpty ?? !FileSystem.exists(folder) else {
            throw .folderNotEmpty(path: folder.path)
        }
        try await logExport("audit_log", [:], by: actor)
        try await checkpoint()
        let (database, layout) = (database, exporter.options.layout)
        do {
            return try await FileWork(label: "regrade.audit-export").run {
                try FileSystem.createFolder(folder)
                let (last, size) = try database.read { db in
                    let last = try CheckpointLog(tenant: tenant).last(db)
                    return (last?.seq ?? 0, last?.size ?? 0)
                }
                for (kind, end) in [(ExportStream.Kind.audit, size), (.checkpoints, last)] {
                    let stream = ExportStream(tenant: tenant, kind: kind, layout: layout)
                    try database.read { db in
                        try stream.copy(upTo: end, to: folder, in: db)
                    }
                }
                let key = folder.appending(path: DataDirectory.publicKeyName)
                try FileSystem.replace(key, with: keys.publicKeyFile(of: tenant))
                return size
            }
        } catch {
            throw CaseStoreError(error)
        }
    }
}

extension ExportStream {
    /// Writes lines into a folder, in segments as in the data directory.
    fileprivate func copy(upTo end: Int64, to folder: URL, in db: Database) throws {
        var segment: Int64 = 0
        var file: ExportedFile?
        var pending = Data()
        try forEachLine(after: 0, in: db) { line in
            guard line.seq <= end else { return false }
            let number = layout.number(of: line.seq)
            if number != segment || pending.count >= ExportedFile.appendByteCountLimit {
                try file?.append(pending)
                pending.removeAll(keepingCapacity: true)
            }
            if number != segment {
                let isGrowing = kind == .checkpoints && number == layout.number(of: end)
                let segments = kind == .checkpoints ? folder.appending(path: "checkpoints") : folder
                if !isGrowing { try FileSystem.createFolder(segments) }
                file = try ExportedFile(
                    isGrowing
                        ? folder.appending(path: "checkpoints.jsonl")
                        : segments.appending(path: SegmentLayout.name(number)))
                segment = number
            }
            pending.append(line.bytes)
            pending.append(UInt8(ascii: "\n"))
            return true
        }
        try file?.append(pending)
    }
}
