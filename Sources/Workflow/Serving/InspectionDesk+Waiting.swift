import CaseStore
import Foundation
public import ReturnsDomain
import Synchronization
import Traces

extension InspectionDesk {
    /// How long an item waits that could not be inspected for a reason that may pass.
    private static let pause: Duration = .seconds(5)

    /// Takes up an item that was accepted by a service that has ended.
    func enqueue(_ item: WaitingItem) {
        state.withLock { $0.depth += 1 }
        waitingEnd.yield(item)
    }

    /// How many items a worker are under way: while one is inspected, another is read or recorded.
    private static let itemsAWorker = 2

    /// Inspects what waits, so many items at once that no worker has to wait for the disk.
    func inspectWaiting() async {
        await withTaskGroup(of: Void.self) { group in
            var runningCount = 0
            for await item in waiting {
                if runningCount >= Self.itemsAWorker * inspector.workerCount {
                    await group.next()
                    runningCount -= 1
                }
                guard !isStopping else { break }
                group.addTask { await self.finish(item) }
                runningCount += 1
            }
        }
    }

    /// Inspects one item that waits.
    private func finish(_ item: WaitingItem) async {
        let store = store(of: item.tenant)
        do {
            guard let submission = try await store.waitingSubmission(item.id) else {
                return leave()
            }
            _ = try await Stage.inspect.run(in: item.context) {
                let inspected = try await inspected(
                    ItemSubmission(submission.photos, order: submission.order), store: store,
                    terms: InspectionTerms(id: submission.id, locale: submission.locale))
                return try await record(inspected, answering: nil, store: store) { _ in
                    // The request was answered when the item was accepted.
                    StoredAnswer(status: 0, headers: [:], body: Data())
                }
            }
            leave()
        } catch {
            await handle(Failure(describing: error), of: item, store: store)
        }
    }

    private func handle(_ failure: Failure, of item: WaitingItem, store: CaseStore) async {
        if failure.kind == .badInput {
            for part in failure.parts { observe(.photoRejected(code: part.code)) }
            do {
                try await store.failSubmission(
                    item.id, code: failure.code, message: failure.message)
                return leave()
            } catch {
                observe(.trouble("a failed item could not be marked: \(error)"))
            }
        } else {
            observe(.trouble("\(item.id) waits on: \(failure.message)"))
        }
        try? await Task.sleep(for: Self.pause)
        // After the end of the stream this does nothing; the next start takes the item up.
        waitingEnd.yield(item)
    }

    /// Where an inspection stands; nil if there is none of this id.
    public func standing(
        of id: InspectionID, tenant: Tenant
    ) async throws -> InspectionStanding? {
        try await Casebook.failing { try await store(of: tenant).standing(of: id) }
    }

    /// One page of a tenant's inspections, the newest first.
    public func inspections(
        after id: InspectionID?, limit: Int, filter: InspectionFilter, tenant: Tenant
    ) async throws -> [InspectionSummary] {
        try await Casebook.failing {
            try await store(of: tenant).inspections(after: id, limit: limit, filter: filter)
        }
    }

    /// Where the photos of an inspection came before with another order.
    public func sightings(
        of id: InspectionID, tenant: Tenant
    ) async throws -> [PhotoSighting] {
        try await Casebook.failing { try await store(of: tenant).sightings(of: id) }
    }

    /// One page of a tenant's outgoing events.
    public func events(
        after seq: Int64, limit: Int, tenant: Tenant
    ) async throws -> [OutgoingEvent] {
        try await Casebook.failing {
            try await store(of: tenant).events(after: seq, limit: limit)
        }
    }

    /// Finds whose key a text is.
    public func signIn(_ text: String) async throws -> Result<APIKey, SignInRefusal> {
        try await Casebook.failing { try await store(of: .default).signIn(text) }
    }

    /// Puts refused attempts to sign in into the audit log.
    public func recordFailedSignIns(_ refusals: [SignInRefusal: Int]) async throws {
        try await Casebook.failing {
            try await store(of: .default).recordFailedSignIns(refusals)
        }
        exportSoon()
    }
}
