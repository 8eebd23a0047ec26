import Foundation

/// Puts a restored record in the place of the present one, all of it or nothing.
///
/// A restore unpacks into `restoring/` and makes that durable. Renaming it to `restored/` is the
/// decision: from then on whoever opens the directory completes the switch. First everything else
/// goes, except keys, tombstones and lock; then `restored/` becomes `switching/`, and its contents
/// move into place. Each step may be repeated, so a crash anywhere leaves either the old record or
/// the new one, never a mixture.
struct DirectorySwitch {
    /// Where a restore unpacks; left behind by one that was killed, and then removed by the next.
    let unpacking: URL
    private let decided: URL
    private let moving: URL
    private let directory: DataDirectory

    /// What belongs to the directory rather than to the record in it.
    private static let stays = ["keys", "tombstones.jsonl", "lock"]

    init(_ directory: DataDirectory) {
        self.directory = directory
        unpacking = directory.root.appending(path: "restoring")
        decided = directory.root.appending(path: "restored")
        moving = directory.root.appending(path: "switching")
    }

    /// Decides for what was unpacked; it must be durable already.
    func decide() throws(CaseStoreError) {
        try FileSystem.rename(unpacking, to: decided)
        try FileSystem.syncFolder(directory.root)
    }

    /// Completes a switch that was decided; does nothing otherwise.
    ///
    /// The caller holds the lock on opening.
    func complete() throws {
        if FileSystem.exists(decided) {
            for name in try names(in: directory.root)
            where !Self.stays.contains(name) && name != decided.lastPathComponent {
                try FileManager.default.removeItem(at: directory.root.appending(path: name))
            }
            try FileSystem.syncFolder(directory.root)
            try FileSystem.rename(decided, to: moving)
            try FileSystem.syncFolder(directory.root)
        }
        guard FileSystem.exists(moving) else { return }
        for name in try names(in: moving) {
            try FileSystem.rename(
                moving.appending(path: name), to: directory.root.appending(path: name))
        }
        try FileSystem.syncFolder(directory.root)
        try FileManager.default.removeItem(at: moving)
        try FileSystem.syncFolder(directory.root)
    }

    private func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
    }
}
