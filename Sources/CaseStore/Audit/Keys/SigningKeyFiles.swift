import Crypto
import Foundation
import ReturnsDomain

/// The files of signing keys, and the change from one to the next.
///
/// 1. `next-signing.key` is made.
/// 2. `signing-history.jsonl` gets the statements of the old key: from here on it happens.
/// 3. The old key is also called `old-signing.key`, and `next-signing.key` becomes `signing.key`.
/// 4. Every log gets its entry, in one transaction.
/// 5. `old-signing.key` is overwritten and removed.
///
/// Steps 3 to 5 may be repeated; whoever opens the directory does those that are missing.
struct SigningKeyFiles {
    let folder: URL
    var beforeStep: @Sendable () throws -> Void = {}

    private var current: KeyFile { KeyFile(.signing, in: folder) }
    private var next: KeyFile {
        KeyFile(.signing, file: folder.appending(path: "next-signing.key"))
    }
    private var old: URL { folder.appending(path: "old-signing.key") }
    private var historyFile: URL { folder.appending(path: "signing-history.jsonl") }

    /// Where the key that signs lies.
    var signingKeyPath: String { current.file.path }

    /// Whether a change was decided and not completed.
    func isPending() throws -> Bool {
        if FileSystem.exists(old) { return true }
        guard FileSystem.exists(next.file), let last = try history().lastKey() else { return false }
        return try next.loadOrCreate(mayCreate: false).publicSigningKey() == last
    }

    /// The public key of the next signing key, which is made if there is none.
    func prepareNext() throws -> Data {
        try beforeStep()
        return try next.loadOrCreate(mayCreate: true).publicSigningKey()
    }

    /// Decides for the next key.
    func decide(_ history: SigningHistory) throws {
        try beforeStep()
        try history.write(to: historyFile)
    }

    /// The history as it is on the disk.
    func history() throws -> SigningHistory { try SigningHistory(historyFile) }

    /// Puts the key in place that was decided for last.
    ///
    /// - Throws: ``CaseStoreError/signingKeyDiffers(path:)`` if neither file holds that key.
    func install(mayCreate: Bool) throws -> LogKeys {
        let history = try history()
        let secret = try current.loadOrCreate(mayCreate: mayCreate && history.tenants.isEmpty)
        guard let last = try history.lastKey() else { return LogKeys(secret, history: history) }
        if try secret.publicSigningKey() == last { return LogKeys(secret, history: history) }
        guard FileSystem.exists(next.file),
            case let fresh = try next.loadOrCreate(mayCreate: false),
            try fresh.publicSigningKey() == last
        else { throw CaseStoreError.signingKeyDiffers(path: current.file.path) }
        try beforeStep()
        _ = try FileSystem.link(current.file, to: old)
        try FileSystem.syncFolder(folder)
        try beforeStep()
        try FileSystem.rename(next.file, to: current.file)
        try FileSystem.syncFolder(folder)
        return LogKeys(fresh, history: history)
    }

    /// Overwrites and removes the key that signs no more.
    func destroyOld() throws {
        guard let contents = try FileSystem.contents(old) else { return }
        // Linked, not yet replaced: a crash came between, and the name is still the key's own.
        if try FileSystem.contents(current.file) != contents {
            try beforeStep()
            let descriptor = try FileSystem.open(old, O_WRONLY)
            try descriptor.write(Data(count: contents.count))
            try descriptor.sync()
        }
        try beforeStep()
        try FileSystem.remove(old)
        try FileSystem.syncFolder(folder)
    }
}
