import Crypto
import Foundation
internal import GRDB
import ReturnsDomain

/// The files of a data directory, opened in the order that keeps several processes apart.
struct OpenedFiles: Sendable {
    let database: DatabasePool
    let line: WriteLine
    let wrapping: KeyWrapping
    let keys: LogKeys
    /// Held for as long as the directory is in use.
    let use: FileDescriptor

    /// Opens or creates everything; blocks.
    ///
    /// - Parameters:
    ///   - reserved: The lock of a caller who has had the directory to itself; nil takes a shared
    ///     one.
    ///   - staysReserved: Whether that caller goes on having it to itself.
    ///   - beforeStep: Called before each step of a change of keys that is completed here.
    init(
        _ paths: DataDirectory, clock: StoreClock, use reserved: FileDescriptor?,
        staysReserved: Bool, beforeStep: @escaping @Sendable () throws -> Void
    ) throws {
        try FileSystem.createFolder(paths.root)
        use = try reserved ?? FileSystem.open(paths.root, O_RDONLY | O_DIRECTORY)
        if !staysReserved {
            guard try use.lock(waits: false, shared: true) else {
                throw CaseStoreError.directoryReserved(path: paths.root.path)
            }
        }
        try FileSystem.createFolder(paths.keys)
        // One process at a time creates keys, migrates and sweeps. The folder itself carries the
        // lock, so that no file is needed for it; it ends with this scope.
        let opening = try FileSystem.open(paths.keys, O_RDONLY | O_DIRECTORY)
        _ = try opening.lock(waits: true)
        try DirectorySwitch(paths).complete()
        try FileSystem.createFolder(paths.photos)
        let isNew = !FileSystem.exists(paths.database)
        wrapping = try KeyWrapping.load(from: paths.keys, mayCreate: isNew)
        let signing = SigningKeyFiles(folder: paths.keys, beforeStep: beforeStep)
        keys = try signing.install(mayCreate: isNew)
        database = try OpenedDatabase.open(paths.database)
        line = WriteLine(database, turn: try WriteTurn(paths))
        if isNew { try FileSystem.syncFolder(paths.root) }
        try KeyChangeEntries.complete(
            keys.history, in: database, folder: paths.keys, clock: clock,
            beforeStep: beforeStep)
        try KeyChangeEntries.checkKeys(keys, in: database, path: signing.signingKeyPath)
        try signing.destroyOld()
        try Self.sweepPhotos(PhotoVault(folder: paths.photos), database, now: clock.now())
        withExtendedLifetime(opening) {}
    }

    private static func sweepPhotos(
        _ vault: PhotoVault, _ database: DatabasePool, now: Timestamp
    ) throws {
        // The next opening sweeps what a backup that is under way may still need.
        guard let right = vault.removalRight() else { return }
        defer { withExtendedLifetime(right) {} }
        for group in vault.abandonedGroups(now: now) {
            let unreferenced: [String]? = try database.read { db in
                if try PhotoVault.waits(for: group.names, in: db) { return nil }
                return try group.names.filter { try !PhotoVault.isNamed($0, in: db) }
            }
            if let unreferenced { vault.sweep(note: group.note, unreferenced: unreferenced) }
        }
    }
}
