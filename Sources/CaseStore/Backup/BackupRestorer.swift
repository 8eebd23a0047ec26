import Foundation
internal import GRDB
import ReturnsDomain

/// Puts a verified backup in the place of a record, with the directory to itself.
struct BackupRestorer {
    let file: URL
    let directory: DataDirectory

    /// Unpacks, verifies and replaces; blocks.
    ///
    /// - Returns: The lock that keeps others out until the new record is opened, and what was in
    ///   the backup.
    func replace() throws -> (FileDescriptor, BackupReport) {
        try FileSystem.createFolder(directory.root)
        let lock = try DirectoryReservation.take(directory)
        let wrapping = try KeyWrapping.load(from: directory.keys, mayCreate: false)
        let keys = try SigningKeyFiles(folder: directory.keys).install(mayCreate: false)
        let change = DirectorySwitch(directory)
        try change.complete()
        if FileSystem.exists(change.unpacking) {
            try FileManager.default.removeItem(at: change.unpacking)
        }
        do {
            let (manifest, report) = try BackupReader(file).unpack(into: change.unpacking)
            try check(change.unpacking, manifest, wrapping, keys)
            try change.decide()
            try change.complete()
            return (lock, report)
        } catch {
            try? FileManager.default.removeItem(at: change.unpacking)
            throw error
        }
    }

    private func check(
        _ folder: URL, _ manifest: BackupManifest, _ wrapping: KeyWrapping,
        _ keys: LogKeys
    ) throws {
        let snapshot = RecordSnapshot(directory: DataDirectory(root: folder))
        let findings = try snapshot.check(named: file.path, keys: keys)
        let unknown = findings.wrappingKeys.filter { !wrapping.knows($0) }
        guard unknown.isEmpty else {
            throw CaseStoreError.backupKeyMissing(
                path: directory.keys.path,
                keys: unknown.map { hexadecimal($0) }.joined(separator: ", "))
        }
        let vault = PhotoVault(folder: snapshot.directory.photos)
        var missingCount = 0
        try snapshot.forEachKeptName { name in
            if try vault.open(named: name) == nil { missingCount += 1 }
        }
        guard missingCount == manifest.missingPhotoCount, findings.heads == manifest.heads else {
            throw CaseStoreError.backupInvalid(
                path: file.path,
                reason: "its photos or audit heads are not those its manifest states")
        }
    }
}

/// The right to have a data directory to oneself.
enum DirectoryReservation {
    /// Takes the lock that every open store shares.
    ///
    /// - Throws: ``CaseStoreError/directoryInUse(path:)``.
    static func take(_ directory: DataDirectory) throws(CaseStoreError) -> FileDescriptor {
        let lock = try FileSystem.open(directory.root, O_RDONLY | O_DIRECTORY)
        guard try lock.lock(waits: false) else {
            throw .directoryInUse(path: directory.root.path)
        }
        return lock
    }
}
