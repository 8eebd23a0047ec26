import Foundation

/// A file that is written beside its place and renamed, so that it is either complete or not there.
final class OutputFile {
    private let path: String
    private let temporary: String
    private let handle: FileHandle
    private var isFinished = false

    /// Creates the file beside its place.
    ///
    /// - Throws: ``Failure`` of kind `cannotCreateOutput`.
    init(path: String) throws {
        self.path = path
        temporary = path + ".partial"
        guard FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else {
            throw Failure(
                .cannotCreateOutput, code: "output_not_created",
                "\(path) cannot be created; is its folder there and writable?")
        }
        self.handle = handle
    }

    deinit {
        try? handle.close()
        if !isFinished { try? FileManager.default.removeItem(atPath: temporary) }
    }

    /// Appends bytes.
    func write(_ bytes: Data) throws {
        do {
            try handle.write(contentsOf: bytes)
        } catch {
            throw Failure(describing: error)
        }
    }

    /// Makes it durable and gives it its name.
    ///
    /// - Throws: ``Failure`` of kind `cannotCreateOutput`.
    func finish() throws {
        do {
            try handle.synchronize()
        } catch {
            throw Failure(describing: error)
        }
        // Both are NUL-terminated by Swift, and rename(2) keeps neither.
        guard unsafe rename(temporary, path) == 0 else {
            throw Failure(
                .cannotCreateOutput, code: "output_not_created",
                "\(path) cannot be written (errno \(errno)); is it a folder?")
        }
        isFinished = true
    }
}
