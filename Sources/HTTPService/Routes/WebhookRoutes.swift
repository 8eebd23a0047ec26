import Foundation
import HTTPTypes
import ReturnsDomain
import Workflow

/// Where outgoing events are sent: endpoints, their delivery log, sending again.
struct WebhookRoutes {
    let desk: InspectionDesk

    private static let collection = "/v1/webhook-endpoints"
    private static let one = collection + "/{id}"

    var routes: [Route] {
        [
            Route(.post, Self.collection, scope: .admin, action: add),
            Route(.get, Self.collection, scope: .admin, action: list),
            Route(.get, Self.one, scope: .admin, action: read),
            Route(.delete, Self.one, scope: .admin, action: remove),
            Route(.post, Self.one + "/rotate", scope: .admin, action: rotate),
            Route(.post, Self.one + "/enable", scope: .admin, action: enable),
            Route(.get, Self.one + "/deliveries", scope: .admin, action: deliveries),
            Route(.post, Self.one + "/replay", scope: .admin, action: replay),
        ]
    }

    /// Adds an endpoint: 201 with its secret, which is shown this once.
    ///
    /// No idempotency key: a kept answer would keep the secret. A second try for the same URL is
    /// told that there is an endpoint already.
    @Sendable private func add(_ request: ServiceRequest) async throws -> Answer {
        var body = try await SmallDocument(
            request, known: ["url", "description", "event_types"])
        let url = body.required("url", expected: "an https URL") { $0 }
        let description = body.text("description")
        let eventTypes = body.list("event_types", countLimit: 100, expected: "a text") { $0 }
        guard let url else { throw body.problem ?? Self.incomplete }
        if let problem = body.problem { throw problem }
        let (endpoint, secret) = try await desk.casebook(of: request.tenant).addWebhookEndpoint(
            url: url, description: description ?? "", eventTypes: eventTypes ?? [],
            guardian: desk.settings.serving.webhooks.guardian,
            actor: request.actor)
        var answer = Answer.json(
            WebhookEndpointWithSecret(endpoint: endpoint, secret: secret), status: .created,
            fields: HTTPFields().with(.location, "\(Self.collection)/\(endpoint.id)"))
        answer.holdsSecret = true
        return answer
    }

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        .json(["endpoints": try await desk.casebook(of: request.tenant).webhookEndpoints()])
    }

    @Sendable private func read(_ request: ServiceRequest) async throws -> Answer {
        let id = try id(request)
        let all = try await desk.casebook(of: request.tenant).webhookEndpoints()
        guard let endpoint = all.first(where: { $0.id == id }) else {
            throw Problem(.webhookEndpointNotFound, "there is no webhook endpoint \(id)")
        }
        return .json(endpoint)
    }

    @Sendable private func remove(_ request: ServiceRequest) async throws -> Answer {
        try await desk.casebook(of: request.tenant).removeWebhookEndpoint(
            id(request), actor: request.actor)
        return Answer(status: .noContent)
    }

    /// A new secret, shown this once; the old one signs too for a day.
    @Sendable private func rotate(_ request: ServiceRequest) async throws -> Answer {
        let (endpoint, secret) = try await desk.casebook(of: request.tenant).rotateWebhookSecret(
            of: id(request), actor: request.actor)
        var answer = Answer.json(WebhookEndpointWithSecret(endpoint: endpoint, secret: secret))
        answer.holdsSecret = true
        return answer
    }

    @Sendable private func enable(_ request: ServiceRequest) async throws -> Answer {
        .json(
            try await desk.casebook(of: request.tenant).enableWebhookEndpoint(
                id(request), actor: request.actor))
    }

    /// The delivery log, in the order of events.
    @Sendable private func deliveries(_ request: ServiceRequest) async throws -> Answer {
        var query = Query(request, known: ["after", "limit", "state"])
        let after = query.number("after", in: 0...Int(Int32.max), default: 0)
        let limit = query.number("limit", in: 1...InspectionRoutes.pageCountLimit, default: 50)
        let state = query.value(
            "state", expected: "pending, delivered, dead or dropped",
            read: WebhookDelivery.State.init)
        try query.check()
        let page = try await desk.casebook(of: request.tenant).webhookDeliveries(
            of: id(request), after: Int64(after), state: state, limit: limit)
        return .json(
            DeliveryPage(
                deliveries: page, next: String(page.last?.sequence ?? Int64(after))))
    }

    private struct DeliveryPage: Encodable {
        let deliveries: [WebhookDelivery]
        let next: String
    }

    /// Sends a range of events again: 202 with how many.
    @Sendable private func replay(_ request: ServiceRequest) async throws -> Answer {
        let id = try id(request)
        var body = try await SmallDocument(request, known: ["after", "until"])
        let after = body.number("after", in: 0...Int.max)
        let until = body.number("until", in: 0...Int.max)
        body.needs("after", expected: "a whole number")
        body.needs("until", expected: "a whole number")
        guard body.problem == nil, let after, let until else {
            throw body.problem ?? Self.incomplete
        }
        let count = try await desk.casebook(of: request.tenant).replayWebhooks(
            to: id, after: Int64(after), until: Int64(until), actor: request.actor)
        return .json(["replayed": count], status: .accepted)
    }

    private func id(_ request: ServiceRequest) throws(Problem) -> WebhookEndpointID {
        try request.id(WebhookEndpointID.self, missing: .webhookEndpointNotFound)
    }

    private static let incomplete = Problem(.malformedRequest, "the body is incomplete")
}

extension ServiceRequest {
    /// Who asks, for the audit log.
    fileprivate var actor: AuditActor { key.map { .key($0.id) } ?? .machine }
}
