import CaseStore
public import ReturnsDomain

extension Casebook {
    /// How long the secret before a rotation signs too: a day.
    public static let previousSecretDuration: Duration = .seconds(86_400)

    /// Adds an endpoint that is sent the events from now on; audited.
    ///
    /// - Parameters:
    ///   - url: Where it listens.
    ///   - description: What people call it.
    ///   - eventTypes: The types wanted; empty for all.
    ///   - guardian: Decides whether webhooks may go there, as far as can be told without asking
    ///     for the name's address.
    ///   - actor: Who adds it.
    /// - Returns: The endpoint, and the secret that signs, which is shown once.
    /// - Throws: ``Failure`` with code `webhook_url_refused`, `webhook_event_type_unknown`,
    ///   `webhook_endpoint_exists`, `too_many_webhook_endpoints` or `webhook_description_invalid`.
    public func addWebhookEndpoint(
        url: String, description: String, eventTypes: [String], guardian: WebhookGuard,
        actor: AuditActor = .operatorOnHost
    ) async throws -> (endpoint: WebhookEndpoint, secret: WebhookSecret) {
        do {
            try guardian.check(try WebhookURL(url))
        } catch {
            throw Failure(.usage, code: "webhook_url_refused", "the URL \(error)")
        }
        let known = CaseStore.eventTypes
        if let unknown = eventTypes.first(where: { !known.contains($0) }) {
            throw Failure(
                .usage, code: "webhook_event_type_unknown",
                "there is no event type '\(unknown.prefix(100))'; known are "
                    + known.joined(separator: ", "))
        }
        return try await changing {
            try await $0.addWebhookEndpoint(
                url: url, description: description, eventTypes: Set(eventTypes).sorted(),
                actor: actor)
        }
    }

    /// The tenant's endpoints, the oldest first.
    public func webhookEndpoints() async throws -> [WebhookEndpoint] {
        try await Self.failing { try await store.webhookEndpoints() }
    }

    /// Removes an endpoint with its deliveries; audited.
    public func removeWebhookEndpoint(
        _ id: WebhookEndpointID, actor: AuditActor = .operatorOnHost
    ) async throws {
        try await changing { try await $0.removeWebhookEndpoint(id, actor: actor) }
    }

    /// Gives an endpoint a new secret; the old one signs too for ``previousSecretDuration``;
    /// audited.
    public func rotateWebhookSecret(
        of id: WebhookEndpointID, actor: AuditActor = .operatorOnHost
    ) async throws -> (endpoint: WebhookEndpoint, secret: WebhookSecret) {
        try await changing {
            try await $0.rotateWebhookSecret(
                of: id, keepingPreviousFor: Self.previousSecretDuration, actor: actor)
        }
    }

    /// Lets events be sent to a disabled endpoint again; audited.
    public func enableWebhookEndpoint(
        _ id: WebhookEndpointID, actor: AuditActor = .operatorOnHost
    ) async throws -> WebhookEndpoint {
        try await changing { try await $0.enableWebhookEndpoint(id, actor: actor) }
    }

    /// One page of an endpoint's delivery log in the order of events.
    public func webhookDeliveries(
        of id: WebhookEndpointID, after sequence: Int64, state: WebhookDelivery.State?, limit: Int
    ) async throws -> [WebhookDelivery] {
        try await Self.failing {
            try await store.webhookDeliveries(of: id, after: sequence, state: state, limit: limit)
        }
    }

    /// Has the events after one and until another sent to an endpoint again; audited.
    ///
    /// - Returns: How many are sent again.
    public func replayWebhooks(
        to id: WebhookEndpointID, after: Int64, until: Int64,
        actor: AuditActor = .operatorOnHost
    ) async throws -> Int {
        try await changing {
            try await $0.replayWebhooks(to: id, after: after, until: until, actor: actor)
        }
    }
}

extension InspectionDesk {
    /// A dispatcher of webhooks over the desk's record.
    ///
    /// - Parameters:
    ///   - send: Makes an attempt.
    ///   - observe: Told what happens; must not block.
    public func webhookDispatcher(
        send: @escaping WebhookDispatcher.Send,
        observe: @escaping @Sendable (WebhookEvent) -> Void
    ) -> WebhookDispatcher {
        WebhookDispatcher(
            store: store(of: .default), settings: settings.serving.webhooks,
            seed: .random(in: 0...UInt64.max), send: send, observe: observe)
    }

    /// How deliveries stand, over all tenants.
    public func webhookFigures() async throws -> WebhookFigures {
        try await Casebook.failing { try await store(of: .default).webhookFigures() }
    }
}
