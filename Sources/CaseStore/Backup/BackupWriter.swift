import Crypto
import Foundation
internal import GRDB
import ReturnsDomain

/// Writes a backup: a tar archive of the database, the kept photos and a manifest.
///
/// Work goes on meanwhile. The database is copied as of one moment into a folder beside the file
/// and checked there; then the photos that this copy names are added as they are, sealed. Keys,
/// tombstones and the exported files, which are made from the database, are not in it. The archive
/// gets its name when it is complete, durable and read back; before, it ends in `.partial`.
struct BackupWriter {
    let database: DatabasePool
    let vault: PhotoVault
    let clock: StoreClock
    let keys: LogKeys
    let file: URL

    private var partial: URL { file.appendingPathExtension("partial") }
    private var snapshotFolder: URL { file.appendingPathExtension("snapshot") }

    /// Writes the backup; blocks.
    ///
    /// - Throws: ``CaseStoreError/backupExists(path:)``;
    ///   ``CaseStoreError/backupInvalid(path:reason:)`` if the record itself does not verify; and
    ///   what the disk may throw.
    func write() throws -> BackupReport {
        guard !FileSystem.exists(file) else { throw CaseStoreError.backupExists(path: file.path) }
        let archive = try FileSystem.open(partial, O_WRONLY | O_CREAT)
        guard try archive.lock(waits: false) else {
            throw CaseStoreError.backupExists(path: partial.path)
        }
        defer {
            // What a killed backup leaves is taken over by the next one of this name.
            try? FileManager.default.removeItem(at: snapshotFolder)
            try? FileSystem.remove(partial)
        }
        try archive.truncate(to: 0)
        if FileSystem.exists(snapshotFolder) {
            try FileManager.default.removeItem(at: snapshotFolder)
        }
        let files = try vault.keepFiles()
        defer { withExtendedLifetime(files) {} }
        let createdAt = clock.now()
        let snapshot = try RecordSnapshot.copy(database, into: snapshotFolder)
        let findings = try snapshot.check(named: "the record", keys: keys)
        try write(archive, snapshot, findings, createdAt: createdAt)
        let report = try BackupReader(partial).check()
        guard try FileSystem.link(partial, to: file) else {
            throw CaseStoreError.backupExists(path: file.path)
        }
        try FileSystem.remove(partial)
        try FileSystem.syncFolder(file.deletingLastPathComponent())
        return report
    }

    private func write(
        _ archive: FileDescriptor, _ snapshot: RecordSnapshot,
        _ findings: RecordSnapshot.Findings, createdAt: Timestamp
    ) throws {
        var tar = TarWriter(archive, modifiedAt: createdAt.millisecondsSince1970 / 1000)
        let databaseSHA256 = try tar.add(
            FileSystem.open(snapshot.directory.database, O_RDONLY), name: BackupEntry.database,
            byteCount: FileSystem.status(snapshot.directory.database)?.byteCount ?? 0)
        var (photoCount, missingCount) = (0, 0)
        try snapshot.forEachKeptName { name in
            guard let photo = try vault.open(named: name) else {
                missingCount += 1
                return
            }
            try tar.add(
                photo, name: BackupEntry.photo(named: name), byteCount: photo.byteCount())
            photoCount += 1
        }
        let manifest = BackupManifest(
            createdAt: createdAt, databaseVersion: findings.version,
            databaseSHA256: databaseSHA256, photoCount: photoCount,
            missingPhotoCount: missingCount, byteCount: tar.byteCount, sha256: tar.digest,
            wrappingKeys: findings.wrappingKeys.map { hexadecimal($0) }, heads: findings.heads)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try tar.add(encoder.encode(manifest) + Data("\n".utf8), name: BackupManifest.entryName)
        try tar.finish()
    }
}

/// The names of files in a backup: those they have in a data directory.
enum BackupEntry {
    static let database = "regrade.sqlite"

    /// `photos/ab/cdef…` for a kept photo's name.
    static func photo(named name: String) -> String {
        "photos/\(name.prefix(2))/\(name.dropFirst(2))"
    }

    /// Whether a name is one of those; anything else is not unpacked.
    static func isKnown(_ name: String) -> Bool {
        if name == database { return true }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0] == "photos" && parts[1].utf8.count == 2
            && parts[2].utf8.count == 30
            && (parts[1] + parts[2]).utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
