import Foundation

/// The system calls on files that durability rests on, each with its error as a ``CaseStoreError``.
///
/// Every function blocks and belongs on an owned thread; see ``FileWork``.
enum FileSystem {
    /// Makes a folder of mode 0700 with those above it; one that exists is left as it is.
    static func createFolder(_ folder: URL) throws(CaseStoreError) {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .fileSystem(
                operation: "create folder", path: folder.path, reason: error.localizedDescription)
        }
    }

    /// Opens a file; what is created has mode 0600.
    static func open(_ file: URL, _ flags: Int32) throws(CaseStoreError) -> FileDescriptor {
        let descriptor = unsafe Foundation.open(file.path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw lastError("open", file) }
        return FileDescriptor(descriptor, file)
    }

    /// Makes entries of a folder durable: names created, renamed or removed in it.
    static func syncFolder(_ folder: URL) throws(CaseStoreError) {
        let descriptor = try open(folder, O_RDONLY | O_DIRECTORY)
        try descriptor.sync()
    }

    /// Replaces the name `target` in one step.
    static func rename(_ file: URL, to target: URL) throws(CaseStoreError) {
        guard unsafe Foundation.rename(file.path, target.path) == 0 else {
            throw lastError("rename to \(target.lastPathComponent)", file)
        }
    }

    /// Gives a file new contents in one step that a loss of power does not undo.
    static func replace(_ file: URL, with contents: Data) throws(CaseStoreError) {
        let temporary = file.appendingPathExtension("new")
        try remove(temporary)
        let descriptor = try open(temporary, O_WRONLY | O_CREAT | O_EXCL)
        try descriptor.write(contents)
        try descriptor.sync()
        try rename(temporary, to: file)
        try syncFolder(file.deletingLastPathComponent())
    }

    /// Gives a file a second name, unless that name is taken.
    ///
    /// - Returns: False if the name was taken.
    static func link(_ file: URL, to target: URL) throws(CaseStoreError) -> Bool {
        if unsafe Foundation.link(file.path, target.path) == 0 { return true }
        if errno == EEXIST { return false }
        throw lastError("link to \(target.lastPathComponent)", file)
    }

    /// Removes a name; one that does not exist is no error.
    static func remove(_ file: URL) throws(CaseStoreError) {
        guard unsafe unlink(file.path) == 0 || errno == ENOENT else {
            throw lastError("remove", file)
        }
    }

    /// Reads a whole file; nil if it does not exist.
    static func contents(_ file: URL) throws(CaseStoreError) -> Data? {
        guard exists(file) else { return nil }
        do {
            return try Data(contentsOf: file)
        } catch {
            throw .fileSystem(
                operation: "read", path: file.path, reason: error.localizedDescription)
        }
    }

    /// Whether something of this name exists.
    static func exists(_ file: URL) -> Bool {
        FileManager.default.fileExists(atPath: file.path)
    }

    /// What `stat(2)` says; nil if the file does not exist.
    static func status(_ file: URL) -> FileStatus? {
        var status = stat()
        guard unsafe stat(file.path, &status) == 0 else { return nil }
        return FileStatus(status)
    }

    /// The error of the system call that just failed.
    static func lastError(_ operation: String, _ file: URL) -> CaseStoreError {
        let code = errno
        if code == ENOSPC || code == EDQUOT { return .diskFull(path: file.path) }
        return .fileSystem(
            operation: operation, path: file.path, reason: unsafe String(cString: strerror(code)))
    }
}

/// What tells one file, and one state of it, from another.
struct FileStatus: Hashable, Sendable {
    /// The permission bits.
    let mode: UInt32
    /// Bytes in the file.
    let byteCount: Int64
    /// The file's number in its file system: another number means another file.
    let number: UInt64
    /// Seconds since 1970 at the last change of contents.
    let modifiedAt: Int64

    init(_ status: stat) {
        mode = UInt32(status.st_mode) & 0o777
        byteCount = Int64(status.st_size)
        number = UInt64(status.st_ino)
        modifiedAt = Int64(status.st_mtim.tv_sec)
    }
}
