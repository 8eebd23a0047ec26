import CaseStore
import Foundation
import ReturnsDomain
import Statistics

/// A small world on one data directory: a service with clients and a webhook receiver, a second
/// process, reviewers, clocks and faults, all moved by one seed.
///
/// Each step is one move of somebody against the real record, and at the same time against a model
/// in memory that says what the record must answer; another answer is a violation. Moves follow
/// each other, because transactions do; what interleaves are the jobs that take several of them.
final class Simulation {
    /// What the record did that it must not do.
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    /// Someone who has or had a task in hands.
    struct Hand {
        let task: ReviewTaskID
        let lease: LeaseID
        let reviewer: String
    }

    static let reviewers = ["ada", "bob", "cyd", "dan", "eve"]
    static let leaseDuration = Duration.seconds(600)

    let seed: UInt64
    let directory = TemporaryDirectory()
    let clock = SettableClock()
    var generator: SeededGenerator
    /// Moves with faults, deaths and clocks that step; without, everything comes to its end.
    var hasFaults = true

    // The processes; the first has the right to serve.
    private(set) var stores: [CaseStore] = []
    private var right: ServingRight?
    private(set) var boot = 0

    // What must be true.
    var queue = ExpectedQueue()
    var requests = ExpectedRequests()
    var deliveries = ExpectedDeliveries()
    var logs = ExpectedLogs()
    var leaseCount = 0

    // What the actors hold in memory, and lose with their process.
    var keyCount = 0
    var work: [(key: RequestKey, fingerprint: ContentHash)] = []
    var sending: [DueWebhook] = []
    var hands: [Hand] = []
    var pastHands: [Hand] = []

    private(set) var stepCount = 0
    private(set) var faultCount = 0
    /// The digest of everything that happened; equal for equal seeds.
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    private var lastSteps: [String] = []

    init(seed: UInt64) async throws {
        self.seed = seed
        generator = SeededGenerator(seed: seed)
        stores = [try await open(), try await open()]
        right = try await stores[0].startServing()
        for name in Self.reviewers {
            try await stores[0].addReviewer(name: name)
            logs.audit.append("reviewer_added")
        }
        _ = try await stores[0].addWebhookEndpoint(
            url: "https://receiver.example/", description: "", eventTypes: [])
        logs.audit.append("webhook_change")
    }

    var moment: ExpectedQueue.Moment {
        .init(boot: boot, nanoseconds: clock.clock().nanosecondsSinceBoot())
    }

    var now: Timestamp { clock.clock().now() }

    func open() async throws -> CaseStore {
        try await CaseStore.open(at: directory.url, clock: clock.clock(bootID: "start-\(boot)"))
    }

    /// Makes one move.
    func step(_ move: SimulationMove) async throws {
        stepCount += 1
        let what = try await perform(move)
        note("\(move) \(what)")
    }

    /// Writes a step down, by numbers that are the same in each run of a seed.
    private func note(_ text: String) {
        let line = "\(stepCount) \(text)"
        for byte in line.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        lastSteps.append(line)
        if lastSteps.count > 25 { lastSteps.removeFirst() }
    }

    /// - Returns: A violation that tells how to see it again.
    func violation(_ text: String) -> Violation {
        Violation(
            description: "world of seed \(seed), step \(stepCount): \(text), after\n"
                + lastSteps.joined(separator: "\n"))
    }

    /// Asks the record for something, sometimes with a fault.
    ///
    /// - Parameter refusal: What the record must answer; nil if it must do it.
    /// - Returns: What it did; nil if it refused, or if the fault struck and nothing happened.
    func ask<Value: Sendable>(
        _ process: Int = 0, refusal: CaseStoreError? = nil,
        _ body: (CaseStore) async throws(CaseStoreError) -> Value
    ) async throws -> Value? {
        let store = stores[process]
        let isFaulty = hasFaults && generator.index(below: 10) == 0
        if isFaulty { try await SimulatedFault(&generator).arm(store) }
        var result: Result<Value, CaseStoreError>
        repeat {
            do throws(CaseStoreError) {
                result = .success(try await body(store))
            } catch {
                result = .failure(error)
            }
            // What a program is told that was halted for seconds while it waited for its turn.
        } while result.isBusy
        if isFaulty { try await SimulatedFault.disarm(store) }
        switch result {
        case .success(let value):
            guard let refusal else { return value }
            throw violation("done, where '\(refusal)' was due")
        case .failure(let error):
            if isFaulty, SimulatedFault.caused(error) {
                faultCount += 1
                return nil
            }
            guard error == refusal else {
                throw violation("'\(error)' instead of \(refusal.map { "'\($0)'" } ?? "success")")
            }
            return nil
        }
    }

    /// A process dies and another takes its place.
    func restart(_ process: Int) async throws {
        if process == 0 {
            right = nil
            (work, sending) = ([], [])
        }
        stores[process] = try await open()
        if process == 0 {
            right = try await stores[0].startServing()
            try await stores[0].releaseAbandonedRequests()
            requests.releaseAll()
        }
    }

    /// The machine starts anew: another name, and a clock that counts from the beginning.
    func restartMachine() async throws {
        boot += 1
        clock.restart()
        for process in stores.indices { try await restart(process) }
    }
}

extension Result where Failure == CaseStoreError {
    /// Whether nothing was done because others kept the record.
    fileprivate var isBusy: Bool {
        if case .failure(.busy) = self { true } else { false }
    }
}
