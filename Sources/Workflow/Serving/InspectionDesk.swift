import CaseStore
import Foundation
import NeuralNetwork
public import ReturnsDomain
import Synchronization
import Tracing

/// Where items come in and are inspected, once and only once each: the service without HTTP.
///
/// One desk serves one data directory. Nothing that it has answered is lost when the process is
/// killed: an item is either recorded together with its answer, or stored to be inspected later
/// together with its answer, or not answered at all, and then the client's next try starts anew.
public final class InspectionDesk: Sendable {
    /// Everything that was set.
    public let settings: Settings
    let inspector: Inspector
    let observe: @Sendable (DeskEvent) -> Void
    let ladder: AdmissionLadder
    let state = Mutex(State())
    private let store: CaseStore
    private let right: ServingRight
    let waiting: AsyncStream<WaitingItem>
    let waitingEnd: AsyncStream<WaitingItem>.Continuation
    private let exports: AsyncStream<Void>
    private let exportSignal: AsyncStream<Void>.Continuation

    struct State {
        /// Items that wait or are being inspected.
        var depth = 0
        /// Requests that could not be released when they should have been.
        var unreleased: [(tenant: Tenant, request: RequestKey)] = []
        var isStopping = false
        /// Up to where the default tenant's decisions were counted; nil before the first time.
        var countedSequence: Int64?
    }

    /// An item that was accepted.
    struct WaitingItem: Sendable {
        let tenant: Tenant
        let id: InspectionID
        /// What its request belongs to, for traces; nil after a restart.
        var context: InstrumentationContext?
    }

    /// Opens the data directory, loads model and policy, and takes up what a killed service left.
    ///
    /// - Parameters:
    ///   - settings: With a data directory.
    ///   - observe: Told what happens, for metrics and logs; must not block.
    /// - Throws: ``Failure`` naming what is wrong and how to mend it.
    public static func open(
        settings: Settings, observe: @escaping @Sendable (DeskEvent) -> Void
    ) async throws -> InspectionDesk {
        guard let directory = settings.dataDirectory else {
            throw Failure(
                .usage, code: "data_directory_missing",
                "no data directory is named; pass --data DIR or set REGRADE_DATA")
        }
        try checkModel(settings)
        return try await Casebook.failing {
            let store = try await CaseStore.open(at: URL(fileURLWithPath: directory))
            let right = try await store.startServing()
            try await store.releaseAbandonedRequests()
            try await store.removeExpiredRequests()
            let desk = InspectionDesk(
                settings: settings, store: store, right: right,
                inspector: try Inspector(settings: settings, priority: .givesWay), observe: observe)
            for item in try await store.waitingSubmissions() {
                desk.enqueue(WaitingItem(tenant: item.tenant, id: item.id))
            }
            return desk
        }
    }

    /// Has several threads multiply at once, and runs the model on its golden tensors, where there
    /// are some beside it.
    private static func checkModel(_ settings: Settings) throws {
        let model = try ModelFiles(settings: settings).model
        try OpenBLAS.checkThreading()
        try OpenBLAS.checkConcurrentProducts(rounds: 10)
        let golden = URL(fileURLWithPath: model).deletingPathExtension().path + ".golden"
        guard FileManager.default.fileExists(atPath: golden) else { return }
        _ = try GoldenCheck(path: model, golden: golden)
    }

    private init(
        settings: Settings, store: CaseStore, right: ServingRight, inspector: Inspector,
        observe: @escaping @Sendable (DeskEvent) -> Void
    ) {
        self.settings = settings
        self.store = store
        self.right = right
        self.inspector = inspector
        self.observe = observe
        ladder = AdmissionLadder(
            depthLimit: settings.serving.queueDepthLimit, workerCount: inspector.workerCount)
        (waiting, waitingEnd) = AsyncStream.makeStream()
        (exports, exportSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The record of a tenant.
    func store(of tenant: Tenant) -> CaseStore {
        tenant == store.tenant ? store : store.forTenant(tenant)
    }

    /// The use cases on a tenant's record.
    public func casebook(of tenant: Tenant) -> Casebook {
        Casebook(store: store(of: tenant)) { [observe] in observe(.trouble($0)) }
    }

    /// The model in use.
    public var modelVersion: ModelVersion { inspector.modelVersion }

    /// The policy's words for what reviewers decide, in the language that is set.
    public var reviewWording: ReviewWording { inspector.reviewWording }

    /// The first of these languages that the policy has words in, or the one that is set.
    ///
    /// - Parameter tags: BCP 47 tags, the most wanted first.
    public func language(among tags: [String]) -> String {
        tags.first { inspector.speaks($0) } ?? settings.locale
    }

    /// Items that wait or are being inspected.
    public var depth: Int { state.withLock { $0.depth } }

    /// Whether the next item that is sent would be refused.
    public var isFull: Bool {
        ladder.step(depth: depth, prefersLater: true) == .refused
    }

    /// Whether heat maps are drawn at the moment.
    public var drawsHeatMaps: Bool { ladder.step(depth: depth, prefersLater: false) == .full }

    /// Whether the queue is over its high-water mark.
    public var isOverHighWater: Bool { depth >= ladder.highWater }

    /// Whether the desk is being closed.
    public var isStopping: Bool { state.withLock { $0.isStopping } }

    /// What reviewers of the default tenant decided since this was asked last, by whichever
    /// process; nothing the first time.
    public func newReviewedOutcomes() async throws -> [ReviewedOutcome] {
        let known = state.withLock { $0.countedSequence }
        let (outcomes, last) = try await Casebook.failing {
            try await store.reviewedOutcomes(after: known)
        }
        // Who asked at the same time counts them.
        return state.withLock { state in
            guard state.countedSequence == known else { return [] }
            state.countedSequence = last
            return outcomes
        }
    }

    /// Whether the database can be written to.
    ///
    /// - Throws: ``Failure`` saying why not.
    public func checkWritable() async throws {
        try await Casebook.failing { try await store.removeExpiredRequests() }
    }
}

// MARK: - Background work

extension InspectionDesk {
    /// Inspects what was accepted for later and keeps the JSONL files up to date, until
    /// ``finish()``.
    ///
    /// Returns when nothing of it is under way any more.
    public func run() async {
        let ticks = Task {
            // Without an item a checkpoint may be due all the same.
            while !Task.isCancelled {
                exportSignal.yield()
                try? await Task.sleep(for: Self.exportPause)
            }
        }
        defer { ticks.cancel() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.inspectWaiting() }
            group.addTask { await self.export() }
            await group.waitForAll()
        }
    }

    /// Notes that the service is being stopped; requests under way go on.
    public func announceStop() { state.withLock { $0.isStopping = true } }

    /// Lets ``run()`` come to its end; what waits stays stored for the next start.
    public func finish() {
        announceStop()
        waitingEnd.finish()
        exportSignal.finish()
    }

    /// How often the JSONL files are looked after when nothing is recorded.
    private static let exportPause: Duration = .seconds(5)

    /// Has the JSONL files brought up to date soon.
    func exportSoon() { exportSignal.yield() }

    private func export() async {
        for await _ in exports {
            do {
                try await store.export()
            } catch {
                observe(.trouble("recorded, but the exported files could not follow: \(error)"))
            }
            do {
                // Nobody opens the directory anew while it is served, so it is cleared from here.
                try await store.finishErasures()
            } catch {
                observe(.trouble("erased, but traces in files could not be cleared yet: \(error)"))
            }
            await releaseLeftOvers()
        }
        do {
            try await store.checkpoint()
        } catch {
            observe(.trouble("no checkpoint of the audit log could be signed: \(error)"))
        }
    }
}
