import Crypto
public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Replaces the wrapping key: makes a new one, wraps every data key anew, removes the old file.
    ///
    /// Nothing else may have the directory open when it begins; once the new key is in place,
    /// others may work while data keys are wrapped anew, ``groupCountLimit`` a transaction. After a
    /// crash
    /// both keys are there and everything can be read; calling this again goes on with the key that
    /// was made, rather than making another one. Photos and texts are not touched.
    ///
    /// A backup from before can only be restored with the old key file; keep it with the backup, or
    /// make a new backup and destroy both.
    ///
    /// - Throws: ``CaseStoreError/directoryInUse(path:)``,
    ///   ``CaseStoreError/keyFileMissing(path:)``.
    public static func rotateWrappingKey(
        at directory: URL, clock: StoreClock = .system
    ) async throws(CaseStoreError) -> KeyRotationReport {
        let paths = DataDirectory(root: directory)
        do {
            let lock = try await FileWork(label: "regrade.rotation").run {
                guard FileSystem.exists(paths.root) else {
                    throw CaseStoreError.keyFileMissing(path: paths.keys.path)
                }
                let lock = try DirectoryReservation.take(paths)
                if KeyWrapping.earlierFiles(in: paths.keys).isEmpty {
                    try WrappingKeyFiles(folder: paths.keys).replace()
                }
                return lock
            }
            let store = try await open(
                at: directory, tenant: .default, clock: clock, export: .standard, use: lock)
            return try await store.finishRotation()
        } catch {
            throw CaseStoreError(error)
        }
    }

    private func finishRotation() async throws(CaseStoreError) -> KeyRotationReport {
        let name = hexadecimal(wrapping.keyName)
        var count = 0
        for table in try await read(RewrappedTable.all) {
            var last: RewrappedTable.Position? = RewrappedTable.Position()
            while let start = last {
                let wrapping = wrapping
                let step = try await write { transaction in
                    try table.rewrap(after: start, with: wrapping, in: transaction.db)
                }
                last = step.last
                count += step.count
            }
        }
        count += try await rewrapWebhookSecrets()
        let total = count
        try await write { transaction in
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .keyChange, actor: .operatorOnHost,
                    meta: ["key": "wrapping", "name": name, "rewrapped": String(total)]))
        }
        // The old key goes last, when nothing needs it any more.
        let (database, folder) = (database, directory.keys)
        do {
            try await FileWork(label: "regrade.rotation").run {
                _ = try database.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
                try WrappingKeyFiles(folder: folder).removeEarlier()
            }
        } catch {
            throw CaseStoreError(error)
        }
        return KeyRotationReport(key: name, rewrapped: count)
    }
}

/// A table whose rows hold a data key wrapped by the wrapping key.
private struct RewrappedTable: Sendable {
    let name: String

    /// Where a walk through the table stands.
    struct Position: Sendable {
        var tenant = ""
        var id = ""
    }

    /// Every table with such a column.
    static func all(_ db: Database) throws -> [RewrappedTable] {
        try String.fetchAll(
            db,
            sql: """
                SELECT t.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c
                WHERE t.type = 'table' AND t.schema = 'main' AND c.name = 'wrappedDataKey'
                ORDER BY t.name
                """
        ).map(RewrappedTable.init)
    }

    /// Wraps the keys of up to ``CaseStore/groupCountLimit`` rows anew.
    ///
    /// - Returns: How many it changed, and where to go on; nil after the last row.
    func rewrap(
        after start: Position, with wrapping: KeyWrapping, in db: Database
    ) throws -> (count: Int, last: Position?) {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT tenant, id, wrappedDataKey FROM \(name)
                WHERE (tenant, id) > (?, ?) ORDER BY tenant, id LIMIT ?
                """,
            arguments: [start.tenant, start.id, CaseStore.groupCountLimit])
        var count = 0
        for row in rows {
            guard let wrapped: Data = row["wrappedDataKey"],
                wrapped.prefix(8) != wrapping.keyName,
                let tenant = Tenant(row["tenant"] as String)
            else { continue }
            let owner = SealOwner(tenant: tenant, rowID: row["id"])
            let dataKey = try wrapping.unwrap(wrapped, for: owner)
            try db.execute(
                sql: "UPDATE \(name) SET wrappedDataKey = ? WHERE tenant = ? AND id = ?",
                arguments: [
                    wrapping.wrap(dataKey, for: owner), row["tenant"] as String,
                    row["id"] as String,
                ])
            count += 1
        }
        guard let last = rows.last else { return (count, nil) }
        return (count, Position(tenant: last["tenant"], id: last["id"]))
    }
}

/// The files of wrapping keys.
struct WrappingKeyFiles {
    let folder: URL

    private var current: KeyFile { KeyFile(.wrapping, in: folder) }

    /// Puts a new key in place; the old one stays under a name of its own.
    func replace() throws {
        let old = try current.loadOrCreate(mayCreate: false)
        let name = hexadecimal(KeyWrapping.name(of: old))
        let kept = folder.appending(path: "wrapping-\(name).key")
        let next = KeyFile(.wrapping, file: folder.appending(path: "next-wrapping.key"))
        _ = try next.loadOrCreate(mayCreate: true)
        _ = try FileSystem.link(current.file, to: kept)
        try FileSystem.syncFolder(folder)
        try FileSystem.rename(next.file, to: current.file)
        try FileSystem.syncFolder(folder)
    }

    /// Overwrites and removes the keys that only unwrap.
    func removeEarlier() throws {
        let current = try FileSystem.contents(current.file)
        for file in KeyWrapping.earlierFiles(in: folder) {
            // Linked, not yet replaced: a crash came between, and the name is still the key's own.
            if try FileSystem.contents(file) != current {
                let descriptor = try FileSystem.open(file, O_WRONLY)
                try descriptor.write(Data(count: Int(descriptor.byteCount())))
                try descriptor.sync()
            }
            try FileSystem.remove(file)
        }
        try FileSystem.syncFolder(folder)
    }
}
