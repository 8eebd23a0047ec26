import Foundation
import HTTPTypes
import ReturnsDomain
import Traces
import Workflow

/// Inspections: post, read, list.
struct InspectionRoutes {
    let desk: InspectionDesk
    let memory: BodyMemory

    /// Bodies of small requests have at most this many bytes.
    static let pageCountLimit = 100

    var routes: [Route] {
        [
            Route(.post, Self.collection, scope: .submit, action: submit),
            Route(.get, Self.collection, scope: .submit, action: list),
            Route(.get, Self.item, scope: .submit, action: read),
        ]
    }

    static let collection = "/v1/inspections"
    static let item = "/v1/inspections/{id}"

    static func path(of id: InspectionID) -> String { "\(collection)/\(id)" }

    // MARK: Post

    @Sendable private func submit(_ request: ServiceRequest) async throws -> Answer {
        let key = try request.idempotencyKey(route: "POST \(Self.collection)")
        // Nothing is read from a client whose item would be refused anyway.
        guard !desk.isFull else { throw Problem(.overloaded, ProblemCode.overloaded.cure) }
        guard !desk.isStopping else { throw Problem(.stopping, ProblemCode.stopping.cure) }
        let item = try await Stage.intake.run {
            try await SubmissionReader.item(
                of: request, settings: desk.settings, share: memory.share())
        }
        let submission = Submission(
            tenant: request.tenant, order: item.document.order, photos: item.photos,
            locale: desk.language(among: request.languages), prefersLater: request.prefersLater,
            request: key, fingerprint: item.fingerprint)
        let result = try await desk.submit(submission, wording: Self.wording(of: request.id))
        return try withExtendedLifetime(item.share) { try Self.answer(to: result) }
    }

    /// The answer to a request that was kept under a key.
    static func answer(to result: SubmissionResult) throws(Problem) -> Answer {
        switch result {
        case .answered(let stored, let isReplay):
            var answer = Answer(stored)
            if isReplay { answer.fields[.idempotencyReplayed] = "true" }
            return answer
        case .running:
            throw Problem(.requestRunning, "a request with this Idempotency-Key is running")
        case .otherFingerprint:
            throw Problem(
                .idempotencyKeyReused,
                "this Idempotency-Key was used with other order data or photos")
        case .erased:
            throw Problem(.erased, "what this request created was erased")
        }
    }

    /// How results are worded and kept.
    static func wording(of request: ServiceRequestID) -> SubmissionWording {
        SubmissionWording(
            recorded: { adjudication in
                let path = path(of: adjudication.id)
                return StoredAnswer(
                    status: 201,
                    headers: [
                        "content-type": "application/json", "location": path,
                        "content-language": adjudication.rationale.locale,
                    ],
                    body: AnswerJSON.bytes(adjudication))
            },
            accepted: { id in
                StoredAnswer(
                    status: 202,
                    headers: [
                        "content-type": "application/json", "location": path(of: id),
                        "retry-after": "2",
                    ],
                    body: AnswerJSON.bytes(InspectionView(waiting: id)))
            },
            refused: { failure in
                guard failure.kind == .badInput else { return nil }
                let problem = Problem(failure)
                return StoredAnswer(
                    status: problem.code.status.code,
                    headers: ["content-type": "application/problem+json"],
                    body: problem.body(request: request))
            })
    }

    // MARK: Read

    /// How often a long poll looks.
    private static let pollPause: Duration = .milliseconds(200)

    @Sendable private func read(_ request: ServiceRequest) async throws -> Answer {
        let id = try request.id(InspectionID.self, missing: .inspectionNotFound)
        var query = Query(request, known: ["wait"])
        let seconds = query.number(
            "wait", in: 0...desk.settings.serving.waitSecondsLimit, default: 0)
        try query.check()
        let known = request.field("If-None-Match")
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        while true {
            let view = try await view(of: id, tenant: request.tenant)
            let isNews = known == nil ? !view.isProcessing : !view.isKnown(by: known)
            if isNews || ContinuousClock.now >= end || desk.isStopping {
                return answer(view, isKnown: view.isKnown(by: known))
            }
            try await Task.sleep(for: Self.pollPause)
        }
    }

    private func view(of id: InspectionID, tenant: Tenant) async throws -> InspectionView {
        switch try await desk.standing(of: id, tenant: tenant) {
        case nil: throw Problem(.inspectionNotFound, "there is no inspection \(id)")
        case .erased: throw Problem(.erased, "inspection \(id) was erased")
        case .waiting: return InspectionView(waiting: id)
        case .failed(_, let code, let message):
            return InspectionView(failed: id, code: code, message: message)
        case .adjudicated(let adjudication):
            return InspectionView(
                adjudication, seenBefore: try await desk.sightings(of: id, tenant: tenant))
        }
    }

    private func answer(_ view: InspectionView, isKnown: Bool) -> Answer {
        var fields: HTTPFields = [:]
        fields[.eTag] = view.tag
        // Private to the key that asked; to be asked for again each time.
        fields[.cacheControl] = "private, no-cache"
        if view.isProcessing { fields[.retryAfter] = "2" }
        return isKnown
            ? Answer(status: .notModified, fields: fields) : .json(view, fields: fields)
    }

    // MARK: List

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        var query = Query(request, known: ["after", "limit", "status", "sku", "order_id"])
        let limit = query.number("limit", in: 1...Self.pageCountLimit, default: 50)
        let after = query.value("after", expected: "an id that starts with insp_") {
            InspectionID($0)
        }
        let words = Outcome.allCases.map(\.rawValue).joined(separator: ", ")
        let filter = InspectionFilter(
            outcome: query.value("status", expected: "one of \(words)") { Outcome(rawValue: $0) },
            sku: query.text("sku", byteCountLimit: 200),
            orderID: query.text("order_id", byteCountLimit: 200))
        try query.check()
        let page = try await desk.inspections(
            after: after, limit: limit, filter: filter, tenant: request.tenant)
        let next = page.count == limit ? page.last?.id : nil
        return .json(InspectionPage(inspections: page, next: next))
    }
}

/// One page of inspections, the newest first.
struct InspectionPage: Encodable {
    let inspections: [InspectionSummary]
    /// What `after` is for the next page; null on the last.
    let next: InspectionID?

    private enum CodingKeys: String, CodingKey { case inspections, next }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(inspections, forKey: .inspections)
        try container.encode(next, forKey: .next)
    }
}
