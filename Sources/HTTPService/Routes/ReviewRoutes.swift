import Foundation
import HTTPTypes
import ReturnsDomain
import Workflow

/// The review queue, for programs that people review with: what `regrade review` does, over HTTP.
struct ReviewRoutes {
    let desk: InspectionDesk

    private static let collection = "/v1/reviews"
    /// How long a reviewer may take before the next heartbeat, unless the request says otherwise.
    private static let leaseSeconds = 15 * 60
    /// The seconds that a request may say: a minute to a working day.
    private static let leaseSecondsRange = 60...8 * 3600
    /// The most tasks of one page.
    static let pageCountLimit = 1_000
    /// The most tasks that a reviewer may skip.
    private static let skippedCountLimit = 1_000

    var routes: [Route] {
        let item = Self.collection + "/{id}"
        return [
            Route(.get, Self.collection, scope: .review, action: list),
            Route(.post, Self.collection + "/next", scope: .review, action: next),
            Route(.get, item, scope: .review, action: show),
            Route(
                .get, item + "/photos/{index}", scope: .review, produces: "image/jpeg",
                action: photo),
            Route(.get, item + "/photos/{index}/heatmap", scope: .review, action: heatMap),
            Route(.post, item + "/heartbeat", scope: .review, action: heartbeat),
            Route(.post, item + "/decision", scope: .review, action: decide),
            Route(.post, item + "/undo", scope: .review, action: undo),
            Route(.post, item + "/release", scope: .review, action: release),
        ]
    }

    // MARK: Reading

    /// The tasks that wait, the most urgent first, and then those in someone's hands.
    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        var query = Query(request, known: ["limit", "detail"])
        let limit = query.number("limit", in: 1...Self.pageCountLimit, default: 50)
        let isFull = query.value("detail", expected: "full") { $0 == "full" ? true : nil }
        try query.check()
        let casebook = desk.casebook(of: request.tenant)
        if let reviewer = try request.reviewer(),
            try await !casebook.reviewers().contains(where: { $0.name == reviewer })
        {
            throw Problem(.reviewerUnknown, "there is no reviewer '\(reviewer)'")
        }
        let tasks = try await casebook.waitingTasks(limit: limit)
        return isFull == true
            ? .json(FullPage(reviews: tasks.map { HandOverRecord($0) }))
            : .json(Page(reviews: tasks.map(Line.init)))
    }

    private struct FullPage: Encodable {
        let reviews: [HandOverRecord]
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

    /// One task, without leasing it.
    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let task = try request.id(ReviewTaskID.self, missing: .taskNotFound)
        _ = try Query(request, known: []).check()
        return .json(
            HandOverRecord(try await desk.casebook(of: request.tenant).reviewTask(task)))
    }

    /// A photo of the task's case; the audit log says who looked.
    @Sendable private func photo(_ request: ServiceRequest) async throws -> Answer {
        let task = try request.id(ReviewTaskID.self, missing: .taskNotFound)
        let bytes = try await desk.photo(
            request.photoIndex(), of: task, tenant: request.tenant, reviewer: request.reviewer(),
            viewer: request.caller())
        return Answer(
            status: .ok, fields: HTTPFields().with(.contentType, "image/jpeg"), body: bytes)
    }

    /// Where the evidence lies in a photo, as numbers; the audit log says who looked.
    @Sendable private func heatMap(_ request: ServiceRequest) async throws -> Answer {
        let task = try request.id(ReviewTaskID.self, missing: .taskNotFound)
        return .json(
            try await desk.evidenceMap(
                request.photoIndex(), of: task, tenant: request.tenant,
                reviewer: request.reviewer(), viewer: request.caller()))
    }

    // MARK: Leases

    /// Leases the most urgent task to a reviewer: 200 with the hand-over record, 204 for none.
    @Sendable private func next(_ request: ServiceRequest) async throws -> Answer {
        var body = try await SmallDocument(request, known: ["reviewer", "seconds", "except"])
        let reviewer = body.required("reviewer", expected: "a reviewer's name") { $0 }
        let seconds = body.number("seconds", in: Self.leaseSecondsRange)
        let skipped = body.list(
            "except", countLimit: Self.skippedCountLimit, expected: "a task",
            read: ReviewTaskID.init)
        guard body.problem == nil, let reviewer else { throw body.problem ?? Self.incomplete }
        let leased = try await desk.casebook(of: request.tenant).leaseNextTask(
            reviewer: reviewer, duration: .seconds(seconds ?? Self.leaseSeconds),
            except: Set(skipped ?? []))
        guard let leased else { return Answer(status: .noContent) }
        return handedOver(leased)
    }

    private func handedOver(_ leased: LeasedReviewTask) -> Answer {
        .json(HandOverRecord(leased, words: desk.reviewWording.words(for: leased.task)))
    }

    /// Prolongs a lease.
    @Sendable private func heartbeat(_ request: ServiceRequest) async throws -> Answer {
        let task = try request.id(ReviewTaskID.self, missing: .taskNotFound)
        var body = try await SmallDocument(request, known: ["lease", "seconds"])
        let lease = body.required("lease", expected: "the lease", read: LeaseID.init)
        let seconds = body.number("seconds", in: Self.leaseSecondsRange)
        guard body.problem == nil, let lease else { throw body.problem ?? Self.incomplete }
        let end = try await desk.casebook(of: request.tenant).prolongLease(
            task: task, lease: lease, duration: .seconds(seconds ?? Self.leaseSeconds))
        return .json(["expires_at": end])
    }

    /// Takes a decision back while its lease lasts: 200 with the hand-over record.
    @Sendable private func undo(_ request: ServiceRequest) async throws -> Answer {
        let task = try request.id(ReviewTaskID.self, missing: .taskNotFound)
        var body = try await SmallDocument(request, known: ["lease", "reviewer"])
        let lease = body.required("lease", expected: "the lease", read: LeaseID.init)
        let reviewer = body.required("reviewer", expected: "a reviewer's name") { $0 }
        guard body.problem == nil, let lease, let reviewer else {
            throw body.problem ?? Self.incomplete
        }
        return handedOver(
            try await desk.casebook(of: request.tenant).undoDecision(
                task: task, lease: lease, reviewer: reviewer))
    }

    /// Gives a task back.
    @Sendable private func release(_ request: ServiceRequest) async throws -> Answer {
        let task = try request.id(ReviewTaskID.self, missing: .taskNotFound)
        var body = try await SmallDocument(request, known: ["lease"])
        let lease = body.required("lease", expected: "the lease", read: LeaseID.init)
        guard body.problem == nil, let lease else { throw body.problem ?? Self.incomplete }
        try await desk.casebook(of: request.tenant).release(task: task, lease: lease)
        return Answer(status: .noContent)
    }

    // MARK: Decision

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
        let comment = body.text("comment")
        guard body.problem == nil, let lease, let reviewer, let outcome, let reason else {
            throw body.problem ?? Self.incomplete
        }
        let decision = ReviewDecision(
            task: task, lease: lease, reviewer: reviewer, outcome: outcome, reason: reason,
            comment: comment)
        let adjudication = try await desk.casebook(of: request.tenant).decide(
            decision, wording: desk.reviewWording)
        return .json(adjudication)
    }

    private static let incomplete = Problem(.malformedRequest, "the body is incomplete")
}

extension ReviewRoutes {
    /// The header that names who reviews: never in the query, which proxies log.
    static let reviewerFieldName = "Regrade-Reviewer"

    /// The header with a name, percent-encoded UTF-8.
    static func reviewerField(of reviewer: String) -> (name: String, value: String) {
        let plain = reviewer.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        return (reviewerFieldName, plain ?? "")
    }
}

extension ServiceRequest {
    /// Who reviews, if the request says so.
    func reviewer() throws(Problem) -> String? {
        guard let text = field(ReviewRoutes.reviewerFieldName) else { return nil }
        guard let name = text.removingPercentEncoding, !name.isEmpty else {
            throw Problem(
                .malformedRequest,
                "the header \(ReviewRoutes.reviewerFieldName) is not percent-encoded UTF-8")
        }
        return name
    }

    /// The photo's index in the path.
    func photoIndex() throws(Problem) -> Int {
        guard let index = Int(parameters["index"] ?? ""),
            (0..<ItemSubmission.photoCountLimitOfAllAttempts).contains(index)
        else { throw Problem(.photoNotKept, "the path holds no photo's index") }
        return index
    }
}
