import Dispatch
import Foundation
import Synchronization

/// Where blocking work on files runs: queues of its own, never Swift's cooperative pool.
final class FileWork: Sendable {
    private let lanes: [DispatchQueue]
    private let count = Atomic(0)

    /// Makes queues that take work in turn, each one piece after another.
    ///
    /// - Parameter laneCount: How many pieces may wait for the disk at the same time; of one lane
    ///   the pieces run in their order.
    init(label: String, laneCount: Int = 1) {
        lanes = (0..<laneCount).map { DispatchQueue(label: "\(label).\($0)") }
    }

    /// Runs blocking work and resumes the caller with its result.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        let lane = lanes[Int(UInt(bitPattern: number) % UInt(lanes.count))]
        return try await withCheckedThrowingContinuation { continuation in
            lane.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// Runs `work` for 0..<count on up to `threadLimit` threads and waits for all of them.
    ///
    /// For work that waits on the disk rather than on the processor: the file system answers
    /// concurrent syncs with one write of its journal, so eight of them cost little more than one.
    ///
    /// - Throws: The first error; the other calls have ended by then.
    static func forEach(
        count: Int, threadLimit: Int = 8, _ work: @escaping @Sendable (Int) throws -> Void
    ) throws {
        guard count > 1 else {
            if count == 1 { try work(0) }
            return
        }
        let failure = FirstFailure()
        let group = DispatchGroup()
        let threadCount = min(count, threadLimit)
        for thread in 0..<threadCount {
            group.enter()
            Thread.detachNewThread {
                for index in stride(from: thread, to: count, by: threadCount) {
                    do { try work(index) } catch { failure.keep(error) }
                }
                group.leave()
            }
        }
        group.wait()
        if let error = failure.error { throw error }
    }
}

/// The first error of several threads.
///
/// `@unchecked Sendable` because the lock guards the only stored value.
private final class FirstFailure: @unchecked Sendable {
    private let lock = NSLock()
    private var first: (any Error)?

    var error: (any Error)? { lock.withLock { first } }

    func keep(_ error: any Error) {
        lock.withLock { if first == nil { first = error } }
    }
}
