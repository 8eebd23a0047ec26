import Crypto
import Foundation
import ReturnsDomain
import Synchronization

/// Kept photos as sealed files `photos/ab/cdef…`, durable before the transaction that names them.
///
/// A file's name is random, 16 bytes in hex: a name made from the content would tell whoever sees
/// the folder which known picture lies there, and a keyed one would tell that two are alike. The
/// first byte is drawn once per group of records, so that a group syncs one folder only.
///
/// File: nonce (12 bytes), ciphertext, tag (16), AES-256-GCM under the inspection's data key with
/// tenant, inspection and `photo-INDEX` as associated data.
///
/// Before its first photo a group writes a note, `photos/pending/NAME`, that lists its files; after
/// the transaction it removes the note. What a crash leaves behind is found through notes, so that
/// opening the store never walks a million photos. Notes are not synced: a photo whose note and
/// transaction were both lost is unreadable, because its data key was in the transaction.
struct PhotoVault: Sendable {
    /// The folder `photos`.
    let folder: URL

    /// Notes younger than this may belong to a writer at work; no transaction takes this long.
    static let pendingSecondsLimit: Int64 = 600

    private var pendingFolder: URL { folder.appending(path: "pending") }

    /// One photo to be kept, sealed already.
    struct SealedPhoto: Sendable {
        /// The file's name, 32 hexadecimal digits.
        let name: String
        /// The file's bytes.
        let bytes: Data
    }

    /// The photos of a group, on disk but not yet named by a transaction.
    struct Group: Sendable {
        fileprivate let note: URL?
        fileprivate let files: [URL]
    }

    /// Draws names for a group of photos, all of one folder.
    static func names(count: Int) -> [String] {
        let prefix = UInt8.random(in: .min ... .max)
        return (0..<count).map { _ in
            let rest = (0..<15).map { _ in UInt8.random(in: .min ... .max) }
            return hexadecimal([prefix] + rest)
        }
    }

    /// Writes and syncs the group's photos; blocks.
    ///
    /// On an error nothing of the group remains.
    func write(_ photos: [SealedPhoto]) throws(CaseStoreError) -> Group {
        guard let first = photos.first else { return Group(note: nil, files: []) }
        let note = pendingFolder.appending(path: first.name)
        let files = photos.map { file(named: $0.name) }
        let group = Group(note: note, files: files)
        do {
            try FileSystem.createFolder(pendingFolder)
            let list = photos.map(\.name).joined(separator: "\n") + "\n"
            try FileSystem.open(note, O_WRONLY | O_CREAT | O_EXCL).write(Data(list.utf8))
            for folder in Set(files.map { $0.deletingLastPathComponent() }) {
                try Self.makeDurable(folder)
            }
            try FileWork.forEach(count: photos.count) { index in
                let temporary = files[index].appendingPathExtension("new")
                let descriptor = try FileSystem.open(temporary, O_WRONLY | O_CREAT | O_EXCL)
                try descriptor.write(photos[index].bytes)
                try descriptor.sync()
                try FileSystem.rename(temporary, to: files[index])
            }
            for folder in Set(files.map { $0.deletingLastPathComponent() }) {
                try FileSystem.syncFolder(folder)
            }
        } catch {
            discard(group)
            throw CaseStoreError(error)
        }
        return group
    }

    /// One at a time: who finds a folder must not go on before the one who made it has synced it.
    private static let folderTurn = Mutex(())

    private static func makeDurable(_ folder: URL) throws(CaseStoreError) {
        try folderTurn.withLock { _ throws(CaseStoreError) in
            guard !FileSystem.exists(folder) else { return }
            try FileSystem.createFolder(folder)
            try FileSystem.syncFolder(folder.deletingLastPathComponent())
        }
    }

    /// Lets the photos of a durable transaction stay.
    ///
    /// A note that remains is harmless.
    func keep(_ group: Group) {
        if let note = group.note { try? FileSystem.remove(note) }
    }

    /// Removes the photos of a transaction that failed.
    ///
    /// What cannot be removed now is swept later, as long as
    /// the note stays, which is therefore removed last.
    func discard(_ group: Group) {
        do {
            for file in group.files {
                try FileSystem.remove(file)
                try FileSystem.remove(file.appendingPathExtension("new"))
            }
            if let note = group.note { try FileSystem.remove(note) }
        } catch {
            // The next sweep finds the note and removes the rest; nothing refers to these files.
        }
    }

    /// Removes the photos of a submission that does not wait any more, and their note, which stood
    /// for as long as it waited; blocks.
    ///
    /// What a backup may still need, and what a crash leaves, the next sweep removes.
    func discardWaited(_ names: [String]) {
        guard let first = names.first, let right = removalRight() else { return }
        discard(
            Group(
                note: pendingFolder.appending(path: first), files: names.map { file(named: $0) }))
        withExtendedLifetime(right) {}
    }

    /// Removes files that a durable transaction has put others in the place of; blocks.
    ///
    /// Notes them first: what a backup may still need, and what a crash leaves, a later opening
    /// removes.
    func discardReplaced(_ names: [String]) {
        guard let first = names.first else { return }
        let note = pendingFolder.appending(path: first)
        let list = names.joined(separator: "\n") + "\n"
        guard let written = try? FileSystem.open(note, O_WRONLY | O_CREAT | O_TRUNC),
            (try? written.write(Data(list.utf8))) != nil
        else { return }
        discardWaited(names)
    }

    /// The right to remove files that no row names, held with the object; nil while a backup runs.
    func removalRight() -> FileDescriptor? {
        guard let folder = try? FileSystem.open(pendingFolder, O_RDONLY | O_DIRECTORY),
            (try? folder.lock(waits: false)) == true
        else { return nil }
        return folder
    }

    /// Keeps files that no row names any more from being removed, as long as the object is held.
    ///
    /// A copy of the database that is being backed up may name them. Blocks.
    func keepFiles() throws(CaseStoreError) -> FileDescriptor {
        try FileSystem.createFolder(pendingFolder)
        let folder = try FileSystem.open(pendingFolder, O_RDONLY | O_DIRECTORY)
        _ = try folder.lock(waits: true, shared: true)
        return folder
    }

    /// Reads a kept photo's sealed bytes, nil if the file is gone; blocks.
    func sealedBytes(named name: String) throws(CaseStoreError) -> Data? {
        try FileSystem.contents(file(named: name))
    }

    /// Opens a kept photo's sealed bytes for reading; nil if the file is gone.
    func open(named name: String) throws(CaseStoreError) -> FileDescriptor? {
        let file = file(named: name)
        guard FileSystem.exists(file) else { return nil }
        do {
            return try FileSystem.open(file, O_RDONLY)
        } catch {
            // Erased in this very moment.
            if !FileSystem.exists(file) { return nil }
            throw error
        }
    }

    /// The groups whose writers ended before their transaction or before removing their note.
    func abandonedGroups(now: Timestamp) -> [(note: URL, names: [String])] {
        notes().compactMap { note in
            guard !isErasure(note), let status = FileSystem.status(note),
                now.millisecondsSince1970 / 1000 - status.modifiedAt > Self.pendingSecondsLimit
            else { return nil }
            return (note, names(in: note))
        }
    }

    /// Notes, durably, that files are about to be erased; blocks.
    ///
    /// Whoever holds the role of the eraser removes them with ``erasedGroups()`` once no row names
    /// them any more, also after a crash.
    func noteErasure(of names: [String]) throws(CaseStoreError) {
        guard let first = names.first else { return }
        try FileSystem.createFolder(pendingFolder)
        let note = pendingFolder.appending(path: Self.erasurePrefix + first)
        let descriptor = try FileSystem.open(note, O_WRONLY | O_CREAT | O_TRUNC)
        try descriptor.write(Data((names.joined(separator: "\n") + "\n").utf8))
        try descriptor.sync()
        try FileSystem.syncFolder(pendingFolder)
    }

    /// The groups that were noted for erasure; only for the eraser.
    func erasedGroups() -> [(note: URL, names: [String])] {
        notes().filter(isErasure).map { ($0, names(in: $0)) }
    }

    private static let erasurePrefix = "erased-"

    private func isErasure(_ note: URL) -> Bool {
        note.lastPathComponent.hasPrefix(Self.erasurePrefix)
    }

    private func notes() -> [URL] {
        let found = try? FileManager.default.contentsOfDirectory(
            at: pendingFolder, includingPropertiesForKeys: nil)
        return found ?? []
    }

    private func names(in note: URL) -> [String] {
        guard let contents = try? FileSystem.contents(note) else { return [] }
        return String(decoding: contents, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter(Self.isName)
    }

    /// Removes the files of an abandoned group that no transaction names, then its note.
    func sweep(note: URL, unreferenced: [String]) {
        discard(Group(note: note, files: unreferenced.map { file(named: $0) }))
    }

    private func file(named name: String) -> URL {
        folder.appending(path: "\(name.prefix(2))/\(name.dropFirst(2))")
    }

    /// A note may be torn; only whole names are acted on.
    private static func isName(_ text: String) -> Bool {
        text.utf8.count == 32 && text.allSatisfy(\.isHexDigit)
    }
}

/// Bytes as lowercase hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    let digits = Array("0123456789abcdef".utf8)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
