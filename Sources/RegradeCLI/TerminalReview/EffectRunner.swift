import Foundation
import ReturnsDomain
import ReviewTerminal
import Synchronization
import Workflow

/// Does what a session wants done, and tells it what came of it.
final class EffectRunner: Sendable {
    private let queue: any ReviewQueue
    private let settings: Settings
    private let terms: ReviewSession.Terms
    private let pictures: PictureProtocol
    private let viewer: ViewerFiles
    private let tell: @Sendable (SessionEvent) -> Void
    private let shelf = Mutex<[ReviewTaskID: ShownPhotos]>([:])
    /// Loads the model, once; nil where the record lies elsewhere: its service computes the maps.
    private let inspector: Task<Inspector, any Error>?
    private let drawing = DispatchQueue(label: "regrade.pictures")

    init(
        queue: any ReviewQueue, settings: Settings, terms: ReviewSession.Terms,
        pictures: PictureProtocol, viewer: ViewerFiles,
        tell: @escaping @Sendable (SessionEvent) -> Void
    ) {
        self.queue = queue
        self.settings = settings
        self.terms = terms
        self.pictures = pictures
        self.viewer = viewer
        self.tell = tell
        var single = settings
        // One thread is enough for the few photos ahead, and leaves the others to a batch.
        single.workerCount = 1
        let oneWorker = single
        inspector =
            queue.casebook == nil
            ? nil : Task.detached(priority: .utility) { try Inspector(settings: oneWorker) }
    }

    /// Starts an effect and returns at once.
    func run(_ effect: SessionEffect) {
        switch effect {
        case .leaseNext(let skipped): background { try await self.lease(except: skipped) }
        case .loadPhotos(let task): background { await self.loadPhotos(of: task) }
        case .computeHeatMaps(let task): background { await self.computeHeatMaps(of: task) }
        case .prepare(let key): prepare(key)
        case .decide(let decision): background { await self.decide(decision) }
        case .undo(let task, let lease): background { await self.undo(task, lease) }
        case .extend(let task, let lease): background { await self.extend(task, lease) }
        case .release(let task, let lease): background { await self.release(task, lease) }
        case .openViewer(let task, let photo): open(photo, of: task)
        case .forget(let task):
            shelf.withLock { $0[task] = nil }
            viewer.removeAll()
        case .suspend, .redraw, .end: break
        }
    }

    private func background(_ work: @escaping @Sendable () async throws -> Void) {
        Task {
            do {
                try await work()
            } catch {
                tell(.leasingFailed(Failure(describing: error).message))
            }
        }
    }

    // MARK: - The record

    private func lease(except skipped: Set<ReviewTaskID>) async throws {
        let leased = try await queue.leaseNextTask(
            reviewer: terms.reviewer, duration: terms.leaseDuration, except: skipped)
        tell(leased.map { .leased(record(of: $0)) } ?? .queueEmpty)
    }

    private func record(of handedOver: HandedOverTask) -> CaseRecord {
        let lease = handedOver.lease
        return CaseRecord(
            lease: lease, ruleText: handedOver.words?.ruleText,
            replies: handedOver.words?.replies ?? [:],
            leaseRemaining: remaining(until: lease.expiresAt), isBlind: lease.task.isBlind,
            appealStatement: lease.task.appealStatement)
    }

    private func remaining(until end: Timestamp) -> Duration {
        .milliseconds(end.millisecondsSince1970 - Timestamp.now.millisecondsSince1970)
    }

    private func decide(_ decision: ReviewDecision) async {
        do {
            _ = try await queue.decide(decision)
            tell(.recorded(decision.task))
        } catch {
            tell(.decisionRefused(decision.task, Refusal(error)))
        }
    }

    private func undo(_ task: ReviewTaskID, _ lease: LeaseID) async {
        do {
            let leased = try await queue.undoDecision(
                task: task, lease: lease, reviewer: terms.reviewer)
            tell(.undone(record(of: leased)))
        } catch {
            tell(.undoRefused(Failure(describing: error).message))
        }
    }

    private func extend(_ task: ReviewTaskID, _ lease: LeaseID) async {
        do {
            let end = try await queue.prolongLease(
                task: task, lease: lease, duration: terms.leaseDuration)
            tell(.extended(task, remaining: remaining(until: end)))
        } catch {
            tell(.extensionRefused(task, Refusal(error)))
        }
    }

    private func release(_ task: ReviewTaskID, _ lease: LeaseID) async {
        // Whatever the reason of a refusal, the task is not ours any more or will not be soon:
        // the lease ends by itself.
        try? await queue.release(task: task, lease: lease)
        tell(.released(task))
    }

    // MARK: - Photos

    private func loadPhotos(of task: ReviewTask) async {
        do {
            let photos = try await ShownPhotos(
                of: task, from: queue, reviewer: terms.reviewer, settings: settings)
            shelf.withLock { $0[task.id] = photos }
            tell(.photosLoaded(task.id, indexes: photos.indexes))
        } catch {
            tell(.photosMissing(task.id, Failure(describing: error).message))
        }
    }

    private func computeHeatMaps(of task: ReviewTask) async {
        guard var photos = shelf.withLock({ $0[task.id] }) else { return }
        do {
            try await photos.findEvidence(
                of: task, from: queue, reviewer: terms.reviewer
            ) { [inspector] in try await inspector?.value }
            let computed = photos
            let isHeld = shelf.withLock { shelf in
                guard shelf[task.id] != nil else { return false }
                shelf[task.id] = computed
                return true
            }
            if isHeld { tell(.heatMapsReady(task.id)) }
        } catch {
            tell(.heatMapsMissing(task.id, Failure(describing: error).message))
        }
    }

    private func prepare(_ key: PictureKey) {
        drawing.async { [self] in
            let photos = shelf.withLock { $0[key.task] }
            guard
                let image = photos?.picture(key.photo, withHeatMap: key.hasHeatMap),
                let picture = PictureMaker.prepared(image, in: key.place, by: pictures)
            else { return }
            tell(.prepared(key, picture))
        }
    }

    private func open(_ photo: Int, of task: ReviewTask) {
        guard let file = shelf.withLock({ $0[task.id] })?.file(photo) else { return }
        do {
            tell(
                .viewer(
                    try viewer.open(file.bytes, named: "photo-\(photo).\(file.fileExtension)")))
        } catch {
            tell(.viewer(Failure(describing: error).message))
        }
    }
}

extension Refusal {
    fileprivate init(_ error: any Error) {
        let failure = Failure(describing: error)
        self = failure.code == "lease_lost" ? .leaseLost : .other(failure.message)
    }
}
