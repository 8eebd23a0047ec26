import Foundation

/// What `scripts/stress` sets for the long forms of the reliability tests.
public enum Stress {
    /// Whether this is a long run; the fast form runs in `scripts/test`.
    public static let isLong = environment["REGRADE_STRESS"] == "1"

    /// Where random choices start.
    public static let seed = environment["REGRADE_STRESS_SEED"].flatMap(UInt64.init) ?? 20_261_121

    /// The first trial, from 1; more where an earlier part ran out of time.
    fileprivate static let firstTrial =
        environment["REGRADE_STRESS_FROM"].flatMap(Int.init).map { max($0, 1) } ?? 1

    fileprivate static let seconds =
        environment["REGRADE_STRESS_SECONDS"].flatMap(Int.init) ?? 300

    private static let environment = ProcessInfo.processInfo.environment
}

/// A number of trials, all of them in the fast form; in the long form until the time is over, so
/// that its result says how far it came.
///
/// ```swift
/// var run = StressRun("kill", "kills", long: 1000, fast: 20)
/// while run.goesOn { …; run.count(1) }
/// run.report("0 lost")
/// ```
public struct StressRun {
    /// How many trials are promised.
    public let wanted: Int
    /// How many are done, those of earlier parts included.
    public private(set) var done: Int
    private let name: String
    private let unit: String
    private let first: Int
    private let end: ContinuousClock.Instant

    /// - Parameters:
    ///   - name: The suite's, as in `scripts/stress-suites`.
    ///   - unit: What is counted, in the plural.
    ///   - long: How many trials the long form promises.
    ///   - fast: How many the fast form does.
    public init(_ name: String, _ unit: String, long: Int, fast: Int) {
        self.name = name
        self.unit = unit
        wanted = Stress.isLong ? long : fast
        first = Stress.isLong ? Stress.firstTrial : 1
        done = min(first - 1, wanted)
        end = .now.advanced(by: .seconds(Stress.seconds))
    }

    /// Whether trials are left, and time for them in the long form.
    public var goesOn: Bool { done < wanted && (!Stress.isLong || ContinuousClock.now < end) }

    /// The number of the trial under way, from 1.
    public var trial: Int { done + 1 }

    /// A seed for the trial under way, the same in whichever part it is done.
    public var seed: UInt64 { Stress.seed &+ UInt64(trial) &* 0x2545_F491_4F6C_DD1D }

    /// Counts trials that held.
    public mutating func count(_ trials: Int) { done += trials }

    /// Prints what `scripts/stress` collects in the long form: `RESULT NAME: N of M UNIT, …`.
    ///
    /// - Parameter missed: Promised figures that were not reached; the suite has not passed then.
    public func report(_ text: String, missed: [String] = []) {
        guard Stress.isLong else { return }
        let part = first > 1 ? "from \(first), " : ""
        let misses = missed.map { "; MISSED \($0)" }.joined()
        print(
            "RESULT \(name): \(done) of \(wanted) \(unit), \(part)\(text), "
                + "seed \(Stress.seed)\(misses)")
    }
}
