import Dispatch
import Foundation
import Synchronization
import Tracing

/// A fixed pool of owned threads, each with a worker of its own that is made on that thread and
/// never leaves it.
///
/// Decoding and inference block, and Swift's cooperative pool has about one thread per core: work
/// that blocks there starves everything else. Here it runs on threads of ours, and the caller is
/// resumed through a continuation. The number of jobs that wait is bounded by the callers: each
/// caller waits for its own job.
public final class WorkerPool<Worker>: Sendable {
    private typealias Job = @Sendable (Worker) -> Void

    /// The jobs that wait, shared by the pool and its threads.
    private final class Queue: Sendable {
        struct Contents {
            var jobs: [Job] = []
            var isStopped = false
        }

        let contents = Mutex(Contents())
        /// Counts the jobs that wait, and once per thread the wish to stop.
        let available = DispatchSemaphore(value: 0)
    }

    private let queue = Queue()
    /// How many threads there are.
    public let workerCount: Int

    /// Starts the threads and waits until every worker is made.
    ///
    /// - Parameters:
    ///   - workerCount: How many threads, at least 1; one per core granted.
    ///   - priority: Whether the threads give way to the process's others.
    ///   - makeWorker: Called once on each thread.
    /// - Throws: What `makeWorker` throws; the pool is then stopped.
    public init(
        workerCount: Int, priority: WorkerPriority = .normal,
        makeWorker: @escaping @Sendable () throws -> Worker
    ) throws {
        precondition(workerCount > 0, "a pool of \(workerCount) workers does no work")
        self.workerCount = workerCount
        let started = DispatchSemaphore(value: 0)
        let failures = Failures()
        for index in 0..<workerCount {
            let thread = Thread { [queue] in
                do {
                    priority.applyToThisThread()
                    let worker = try makeWorker()
                    started.signal()
                    Self.serve(worker, from: queue)
                } catch {
                    failures.first.withLock { $0 = error }
                    started.signal()
                }
            }
            thread.name = "regrade-worker-\(index)"
            // Codecs and the network's operators keep their buffers on the heap; 2 MiB is ample.
            thread.stackSize = 2 << 20
            thread.start()
        }
        for _ in 0..<workerCount { started.wait() }
        if let error = failures.first.withLock({ $0 }) {
            stop()
            throw error
        }
    }

    deinit { stop() }

    /// Runs work on one of the threads and resumes when it is done.
    ///
    /// Jobs start in the order they were handed in, and belong to the trace that the caller belongs
    /// to.
    ///
    /// - Throws: What `work` throws, or `CancellationError` if the pool was stopped.
    public func perform<Value: Sendable>(
        _ work: @escaping @Sendable (Worker) throws -> Value
    ) async throws -> Value {
        let context = InstrumentationContext.current
        return try await withCheckedThrowingContinuation { continuation in
            let isAccepted = queue.contents.withLock { contents in
                guard !contents.isStopped else { return false }
                contents.jobs.append { worker in
                    continuation.resume(
                        with: Result {
                            try InstrumentationContext.$current.withValue(context) {
                                try work(worker)
                            }
                        })
                }
                return true
            }
            if isAccepted {
                queue.available.signal()
            } else {
                continuation.resume(throwing: CancellationError())
            }
        }
    }

    /// Lets the threads finish the jobs that were handed in, and end.
    public func stop() {
        queue.contents.withLock { $0.isStopped = true }
        for _ in 0..<workerCount { queue.available.signal() }
    }

    private static func serve(_ worker: Worker, from queue: Queue) {
        while true {
            queue.available.wait()
            let job: Job? = queue.contents.withLock { contents in
                contents.jobs.isEmpty ? nil : contents.jobs.removeFirst()
            }
            // A signal without a job is the one that `stop` sends.
            guard let job else { return }
            job(worker)
        }
    }
}

/// What went wrong while workers were made, for the thread that waits for them.
private final class Failures: Sendable {
    let first = Mutex<(any Error)?>(nil)
}
