internal import Dispatch

/// How long a model takes, for `regrade model bench`.
public struct NetworkBenchmark: Sendable, Hashable, Codable {
    /// Longest benchmark in rounds, whatever the duration asked for.
    public static let roundCountLimit = 100_000

    /// Half of the rounds were faster, in milliseconds.
    public let medianMilliseconds: Double
    /// The fastest round, in milliseconds.
    public let bestMilliseconds: Double
    /// Measured rounds.
    public let runs: Int
    /// Images per round.
    public let batch: Int
    /// Threads that shared each round's batch.
    public let threads: Int
    /// The processor kernels that OpenBLAS chose, and its version.
    public let kernels: String

    /// How the threads shared the work, for people.
    public static let parallelism =
        "the batch is divided among the threads; each runs its images one after the other"

    private enum CodingKeys: String, CodingKey {
        case medianMilliseconds = "median_ms"
        case bestMilliseconds = "best_ms"
        case runs, batch, threads, kernels
    }

    /// Runs a model on seeded noise until the time is over; blocks all the while.
    ///
    /// Images run one after the other, as photos do: what a layer leaves of one image stays in the
    /// caches until the next layer takes it, which several at once would not.
    ///
    /// - Parameters:
    ///   - batch: Images per round, at least 1.
    ///   - threads: At least 1; no more than `batch` are used.
    ///   - seconds: Time to spend on measured rounds; there are at least 5.
    /// - Throws: ``ModelError`` as planning and running.
    public static func run(
        _ model: NetworkModel, batch: Int = 1, threads: Int = 1, seconds: Double = 2
    ) throws(ModelError) -> NetworkBenchmark {
        let batch = max(1, batch)
        let threads = min(max(1, threads), batch)
        var lanes: [Lane] = []
        for thread in 0..<threads {
            let share = batch / threads + (thread < batch % threads ? 1 : 0)
            lanes.append(Lane(try preparedSession(model), images: share))
        }
        let sharedLanes = lanes
        let clock = ContinuousClock()
        var rounds: [Double] = []
        let end = clock.now + .seconds(seconds)
        // The first rounds bring pages and caches in, and are not counted.
        for round in 0..<roundCountLimit {
            let duration = clock.measure {
                if threads == 1 {
                    sharedLanes[0].run()
                } else {
                    DispatchQueue.concurrentPerform(iterations: threads) { sharedLanes[$0].run() }
                }
            }
            if round >= 3 { rounds.append(duration / .milliseconds(1)) }
            if rounds.count >= 5, clock.now >= end { break }
        }
        rounds.sort()
        return NetworkBenchmark(
            medianMilliseconds: rounds[rounds.count / 2], bestMilliseconds: rounds[0],
            runs: rounds.count, batch: batch, threads: threads,
            kernels: "\(OpenBLAS.coreName), \(OpenBLAS.configuration)")
    }

    /// A session with noise in every float input, and one successful run behind it.
    private static func preparedSession(
        _ model: NetworkModel
    ) throws(ModelError) -> NetworkSession {
        let session = NetworkSession(try NetworkProgram(model, batch: 1))
        for input in session.program.inputs where input.elementType == .float32 {
            try session.withInput(named: input.name) { span in
                var state: UInt64 = 42
                for index in 0..<span.count {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    span[index] = Float(state >> 40) / Float(1 << 23) - 1
                }
            }
        }
        try session.run()
        return session
    }

    /// One thread's session.
    ///
    /// `@unchecked Sendable` because each is used by one iteration of a round at a time.
    private final class Lane: @unchecked Sendable {
        private let session: NetworkSession
        private let images: Int

        init(_ session: NetworkSession, images: Int) {
            self.session = session
            self.images = images
        }

        func run() {
            for _ in 0..<images {
                // The same run on the same input succeeded when the session was prepared.
                try? session.run()
            }
        }
    }
}
