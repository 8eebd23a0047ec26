package import Foundation

/// An open file that closes itself.
package final class FileDescriptor: Sendable {
    private let descriptor: Int32
    private let file: URL

    /// Takes over an open descriptor.
    package init(_ descriptor: Int32, _ file: URL) {
        self.descriptor = descriptor
        self.file = file
    }

    deinit { close(descriptor) }

    /// Writes all bytes at the present position.
    package func write(_ bytes: Data) throws(CaseStoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Foundation.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileSystem.lastError("write", file) }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
    func read(at offset: Int64, count: Int) throws(CaseStoreError) -> Data {
        var bytes = Data(count: count)
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                // In bounds: `filled` is below `count`, the size of the buffer.
                unsafe pread(
                    descriptor, buffer.baseAddress.map { unsafe $0 + filled }, count - filled,
                    off_t(offset) + off_t(filled))
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw FileSystem.lastError("read", file) }
            if got == 0 { break }
            filled += got
        }
        return bytes.prefix(filled)
    }

    /// How many bytes the file has now.
    func byteCount() throws(CaseStoreError) -> Int64 {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw FileSystem.lastError("examine", file)
        }
        return Int64(status.st_size)
    }

    /// Makes the contents durable.
    ///
    /// A failure is final: the data may be lost even if a later call
    /// succeeds, so nothing that depends on it may be acknowledged.
    package func sync() throws(CaseStoreError) {
        guard fsync(descriptor) == 0 else { throw FileSystem.lastError("sync", file) }
    }

    /// Cuts the file to `byteCount` bytes.
    func truncate(to byteCount: Int64) throws(CaseStoreError) {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else {
            throw FileSystem.lastError("truncate", file)
        }
    }

    /// Moves the position for writing to the end of the file.
    func seekToEnd() throws(CaseStoreError) {
        guard lseek(descriptor, 0, SEEK_END) >= 0 else {
            throw FileSystem.lastError("seek", file)
        }
    }

    /// Takes the file's lock, held until ``unlock()``, this object is gone or the process ends.
    ///
    /// - Parameters:
    ///   - waits: Whether to wait for whoever holds it.
    ///   - shared: Whether others may hold it too, as long as they share it.
    /// - Returns: False if it is held elsewhere and `waits` is false.
    package func lock(waits: Bool, shared: Bool = false) throws(CaseStoreError) -> Bool {
        let operation = (shared ? LOCK_SH : LOCK_EX) | (waits ? 0 : LOCK_NB)
        while true {
            if flock(descriptor, operation) == 0 { return true }
            if errno == EWOULDBLOCK { return false }
            if errno != EINTR { throw FileSystem.lastError("lock", file) }
        }
    }

    /// Gives the file's lock up.
    package func unlock() {
        flock(descriptor, LOCK_UN)
    }
}
