import Foundation

/// Lets the processes that have a directory open write in turn, first come, first served.
///
/// SQLite has no line: whoever finds the database locked sleeps, longer and longer, and looks
/// again, so that one that just committed goes first as a rule and another may wait for seconds.
/// Two locks of the kernel make a line of it. Whoever comes waits at the outer one; its holder
/// waits for the inner one, so that who gives that up and comes again finds somebody before itself.
/// The kernel gives up both for a process that dies. SQLite's own lock still keeps the record safe.
struct WriteTurn: Sendable {
    private let outer: FileDescriptor
    private let inner: FileDescriptor

    init(_ directory: DataDirectory) throws {
        outer = try FileSystem.open(directory.nextWriterLock, O_RDWR | O_CREAT)
        inner = try FileSystem.open(directory.writerLock, O_RDWR | O_CREAT)
    }

    /// Takes the turn if nobody else has it or waits for it.
    func takeIfFree() throws -> Bool {
        guard try outer.lock(waits: false) else { return false }
        defer { outer.unlock() }
        return try inner.lock(waits: false)
    }

    /// Waits for the turn; blocks.
    func take() throws {
        _ = try outer.lock(waits: true)
        defer { outer.unlock() }
        _ = try inner.lock(waits: true)
    }

    /// Lets the next one go.
    func end() {
        inner.unlock()
    }
}
