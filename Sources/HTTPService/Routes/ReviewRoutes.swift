import HTTPTypes
import ReturnsDomain
import Workflow

/// The review queue, for programs that people review with: what `regrade review` does, over HTTP.
struct ReviewRoutes {
    let desk: InspectionDesk

    private static let collection = "/v1/reviews"
    /// How long a reviewer may take before the next heartbeat.
    private static let leaseDuration: Duration = .seconds(15 * 60)

    var routes: [Route] {
        [
            Route(.get, Self.collection, scope: .review, action: list),
            Route(.post, Self.collection + "/next", scope: .review, action: next),
            Route(.post, Self.collection + "/{id}/heartbeat", scope: .review, action: heartbeat),
            Route(.post, Self.collection + "/{id}/decision", scope: .review, action: decide),
            Route(.post, Self.collection + "/{id}/release", scope: .review, action: release),
        ]
    }

    /// The tasks that wait, the most urgent first, and then those in someone's hands.
    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        var query = Query(request, known: ["limit"])
        let limit = query.number("limit", in: 1...InspectionRoutes.pageCountLimit, default: 50)
        try query.check()
        let tasks = try await desk.casebook(of: request.tenant).waitingTasks(limit: limit)
        return .json(Page(reviews: tasks.map(Line.init)))
    }

    private struct Page: Encodable {
        let reviews: [Line]
    }

    /// A task without what only its holder sees.
    private struct Line: Encodable {
        let task: ReviewTaskID
        let inspection: InspectionID
        let state: ReviewTaskState
        let opened_at: Timestamp
        let due_at: Timestamp
        let priority: Double
        let reasons: [ReasonCode]

        init(_ task: ReviewTask) {
            self.task = task.id
            inspection = task.inspection
            state = task.state
            opened_at = task.openedAt
            due_at = task.dueAt
            priority = task.priority
            reasons = task.reasons
        }
    }

    /// Leases the most urgent task to a reviewer: 200 with the hand-over record, 204 for none.
    @Sendable private func next(_ request: ServiceRequest) async throws -> Answer {
        var body = try await SmallDocument(request, known: ["reviewer"])
        let reviewer = body.required("reviewer", expected: "a reviewer's name") { $0 }
        guard let reviewer else { throw body.problem ?? Self.incomplete }
        if let problem = body.problem { throw problem }
        let leased = try await desk.casebook(of: request.tenant).leaseNextTask(
            reviewer: reviewer, duration: Self.leaseDuration)
        guard let leased else { return Answer(status: .noContent) }
        return .json(HandOverRecord(leased))
    }

    /// Prolongs a lease.
    @Sendable private func heartbeat(_ request: ServiceRequest) async throws -> Answer {
        let (task, lease) = try await held(request)
        let end = try await desk.casebook(of: request.tenant).prolongLease(
            task: task, lease: lease, duration: Self.leaseDuration)
        return .json(["expires_at": end])
    }

    /// Gives a task back.
    @Sendable private func release(_ request: ServiceRequest) async throws -> Answer {
        let (task, lease) = try await held(request)
        try await desk.casebook(of: request.tenant).release(task: task, lease: lease)
        return Answer(status: .noContent)
    }

    /// Decides a task: 200 with the reviewer's adjudication.
    @Sendable private func decide(_ request: ServiceRequest) async throws -> Answer {
        let task = try request.id(ReviewTaskID.self, missing: .taskNotFound)
        var body = try await SmallDocument(
            request, known: ["lease", "reviewer", "outcome", "reason", "comment"])
        let lease = body.required("lease", expected: "the lease", read: LeaseID.init)
        let reviewer = body.required("reviewer", expected: "a reviewer's name") { $0 }
        let outcome = body.required(
            "outcome", expected: "resell, refurbish, reject or retake", read: Outcome.init)
        let reason = body.required(
            "reason", expected: "a code that reviewers may state", read: ReasonCode.init)
        guard body.problem == nil, let lease, let reviewer, let outcome, let reason else {
            throw body.problem ?? Self.incomplete
        }
        let decision = ReviewDecision(
            task: task, lease: lease, reviewer: reviewer, outcome: outcome, reason: reason,
            comment: body.optional("comment"))
        let adjudication = try await desk.casebook(of: request.tenant).decide(
            decision, wording: desk.reviewWording)
        return .json(adjudication)
    }

    private func held(_ request: ServiceRequest) async throws -> (ReviewTaskID, LeaseID) {
        let task = try request.id(ReviewTaskID.self, missing: .taskNotFound)
        var body = try await SmallDocument(request, known: ["lease"])
        let lease = body.required("lease", expected: "the lease", read: LeaseID.init)
        guard body.problem == nil, let lease else { throw body.problem ?? Self.incomplete }
        return (task, lease)
    }

    private static let incomplete = Problem(.malformedRequest, "the body is incomplete")
}
