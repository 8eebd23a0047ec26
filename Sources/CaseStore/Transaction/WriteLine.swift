import Dispatch
internal import GRDB
import Synchronization

/// The line in which a process's transactions wait: first come, first served, and those that wait
/// together are committed together.
///
/// A durable commit costs a sync of the disk, whatever it holds; committing a group costs one for
/// all of them (DeWitt et al., "Implementation Techniques for Main Memory Database Systems", 1984).
/// Each piece of work runs in a savepoint, so that one that fails takes nothing of the others with
/// it, and nobody is told of success before the commit. ``WriteTurn`` is the line of the processes.
final class WriteLine: Sendable {
    /// How many pieces of work share one commit, at most.
    private static let groupCountLimit = 64
    /// After how long a group takes in no more work, so that other processes have their turn.
    private static let groupDurationLimit = Duration.milliseconds(15)
    /// How long work waits for the turn of its process.
    private static let waitLimit = DispatchTimeInterval.seconds(5)

    private struct Line {
        var waiting: [Entry] = []
        /// How many of the first in line go before the others.
        var urgentCount = 0
        var isServed = false
        var awaitsTurn = false
        var commitCount = 0
    }

    private let database: DatabasePool
    private let turn: WriteTurn
    private let line = Mutex(Line())
    private let queue = DispatchQueue(label: "regrade.write-line")
    private let timer = DispatchQueue(label: "regrade.write-line.timer")

    /// How many groups have been committed, and how much work waits.
    var commitCount: Int { line.withLock { $0.commitCount } }
    var waitingCount: Int { line.withLock { $0.waiting.count } }

    init(_ database: DatabasePool, turn: WriteTurn) {
        self.database = database
        self.turn = turn
    }

    /// Runs work in a durable transaction; its error says that nothing was written.
    ///
    /// - Parameter isUrgent: Whether it goes before work that is not. For what a person waits for
    ///   and asks once at a time, so that it cannot keep the others waiting for long.
    func write<Value: Sendable>(
        isUrgent: Bool, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            let entry = Entry(
                run: { db in
                    let value = try db.savepoint(work)
                    return { continuation.resume(returning: value) }
                },
                fail: { continuation.resume(throwing: $0) })
            join(entry, isUrgent: isUrgent)
        }
    }

    private func join(_ entry: Entry, isUrgent: Bool) {
        let mustServe = line.withLock { line in
            line.waiting.insert(entry, at: isUrgent ? line.urgentCount : line.waiting.count)
            if isUrgent { line.urgentCount += 1 }
            defer { line.isServed = true }
            return !line.isServed
        }
        if mustServe { queue.async { [self] in serve() } }
    }

    /// Commits groups while anyone waits; blocks.
    private func serve() {
        repeat {
            do {
                try takeTurn()
                defer { turn.end() }
                try database.writeWithoutTransaction(commitGroup)
            } catch {
                refuseAll(error)
            }
        } while line.withLock { line in
            line.isServed = !line.waiting.isEmpty
            return line.isServed
        }
    }

    /// Waits for the turn of this process among all; who waits for it for too long is refused.
    private func takeTurn() throws {
        if try turn.takeIfFree() { return }
        line.withLock { $0.awaitsTurn = true }
        let watch = DispatchSource.makeTimerSource(queue: timer)
        watch.schedule(deadline: .now() + Self.waitLimit, repeating: Self.waitLimit)
        watch.setEventHandler { [self] in
            if line.withLock({ $0.awaitsTurn }) { refuseAll(CaseStoreError.busy) }
        }
        watch.activate()
        defer {
            line.withLock { $0.awaitsTurn = false }
            watch.cancel()
        }
        try turn.take()
    }

    /// Runs and commits those first in line; throws if the transaction could not begin.
    private func commitGroup(_ db: Database) throws {
        var group = Group()
        do {
            try db.inTransaction(.immediate) {
                let clock = ContinuousClock()
                let end = clock.now + Self.groupDurationLimit
                repeat {
                    guard let entry = next() else { break }
                    try group.run(entry, db)
                } while group.count < Self.groupCountLimit && clock.now < end
                return .commit
            }
        } catch  where group.count > 0 {
            return group.fail(error)
        }
        line.withLock { $0.commitCount += 1 }
        group.confirm()
    }

    private func next() -> Entry? {
        line.withLock { line in
            guard !line.waiting.isEmpty else { return nil }
            line.urgentCount = max(line.urgentCount - 1, 0)
            return line.waiting.removeFirst()
        }
    }

    /// Tells all who wait that their work was not done.
    private func refuseAll(_ error: any Error) {
        let refused = line.withLock { line in
            defer { (line.waiting, line.urgentCount) = ([], 0) }
            return line.waiting
        }
        for entry in refused { entry.fail(error) }
    }
}

extension WriteLine {
    /// A piece of work and whom to tell of its end.
    private struct Entry: Sendable {
        /// Does the work; what it returns tells of success.
        let run: @Sendable (Database) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    /// Work that shares one transaction.
    private struct Group {
        private var done: [(entry: Entry, confirm: @Sendable () -> Void)] = []
        private(set) var count = 0

        /// Runs one piece of work; throws only if the whole transaction is lost.
        mutating func run(_ entry: Entry, _ db: Database) throws {
            count += 1
            do {
                done.append((entry, try entry.run(db)))
            } catch {
                entry.fail(error)
                // Where the disk is full or fails, SQLite gives up the whole transaction.
                guard db.isInsideTransaction else { throw error }
            }
        }

        func confirm() {
            for (_, confirm) in done { confirm() }
        }

        func fail(_ error: any Error) {
            for (entry, _) in done { entry.fail(error) }
        }
    }
}

extension Database {
    /// Runs work in a savepoint of the present transaction.
    fileprivate func savepoint<Value>(_ work: (Database) throws -> Value) throws -> Value {
        var value: Value?
        try inSavepoint {
            value = try work(self)
            return .commit
        }
        guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        return value
    }
}
