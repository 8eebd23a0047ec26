public import Foundation

/// One event on its way to one endpoint, as the delivery log shows it; its body is in the feed.
public struct WebhookDelivery: Encodable, Hashable, Sendable {
    /// Where a delivery stands.
    public enum State: String, CaseIterable, Encodable, Hashable, Sendable {
        /// It will be tried at `nextAt`.
        case pending
        /// The receiver answered 2xx.
        case delivered
        /// Every attempt failed: a dead letter, to be replayed by hand.
        case dead
        /// Its case was erased before it was delivered.
        case dropped
    }

    /// The event's number in the feed.
    public let sequence: Int64
    /// The event, and the `webhook-id` of every attempt.
    public let event: EventID
    /// The event's type, or `erased`.
    public let type: String
    /// Where it stands.
    public let state: State
    /// How often it was tried.
    public let attemptCount: Int
    /// When it is tried next; nil once it is settled.
    public let nextAt: Timestamp?
    /// When it was tried last.
    public let lastAttemptAt: Timestamp?
    /// The status that the receiver answered last.
    public let lastStatus: Int?
    /// Why the last attempt failed, a stable word.
    public let lastError: String?

    /// Describes a delivery.
    public init(
        sequence: Int64, event: EventID, type: String, state: State, attemptCount: Int,
        nextAt: Timestamp?, lastAttemptAt: Timestamp?, lastStatus: Int?, lastError: String?
    ) {
        self.sequence = sequence
        self.event = event
        self.type = type
        self.state = state
        self.attemptCount = attemptCount
        self.nextAt = nextAt
        self.lastAttemptAt = lastAttemptAt
        self.lastStatus = lastStatus
        self.lastError = lastError
    }

    private enum CodingKeys: String, CodingKey {
        case sequence, event, type, state
        case attemptCount = "attempts"
        case nextAt = "next_at"
        case lastAttemptAt = "last_attempt_at"
        case lastStatus = "last_status"
        case lastError = "last_error"
    }

    /// Writes every member, also those that are null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sequence, forKey: .sequence)
        try container.encode(event, forKey: .event)
        try container.encode(type, forKey: .type)
        try container.encode(state, forKey: .state)
        try container.encode(attemptCount, forKey: .attemptCount)
        try container.encode(nextAt, forKey: .nextAt)
        try container.encode(lastAttemptAt, forKey: .lastAttemptAt)
        try container.encode(lastStatus, forKey: .lastStatus)
        try container.encode(lastError, forKey: .lastError)
    }
}

/// A delivery that is to be attempted now, with all that an attempt needs.
public struct DueWebhook: Sendable {
    /// Whose event it is.
    public let tenant: Tenant
    /// Which endpoint it goes to.
    public let endpoint: WebhookEndpointID
    /// Where the endpoint listens.
    public let url: String
    /// What the delivery is signed with, the newest first; one, or two after a rotation.
    public let secrets: [WebhookSecret]
    /// Since when the endpoint has not taken anything.
    public let failingSince: Timestamp?
    /// The event's number in the feed.
    public let sequence: Int64
    /// The event.
    public let event: EventID
    /// The CloudEvents document, JSON.
    public let body: Data
    /// Which attempt this is, from 1.
    public let attempt: Int

    /// Describes what is due.
    public init(
        tenant: Tenant, endpoint: WebhookEndpointID, url: String, secrets: [WebhookSecret],
        failingSince: Timestamp?, sequence: Int64, event: EventID, body: Data, attempt: Int
    ) {
        self.tenant = tenant
        self.endpoint = endpoint
        self.url = url
        self.secrets = secrets
        self.failingSince = failingSince
        self.sequence = sequence
        self.event = event
        self.body = body
        self.attempt = attempt
    }
}

/// What came of one attempt to deliver.
public struct WebhookAttempt: Hashable, Sendable {
    /// Why an attempt failed.
    public enum Failure: String, CaseIterable, Hashable, Sendable {
        /// The receiver answered something else than 2xx.
        case status
        /// The URL cannot be used, such as http to another machine.
        case urlRefused = "url_refused"
        /// The name leads to an address that nothing is sent to.
        case addressRefused = "address_refused"
        /// The name is unknown.
        case nameNotResolved = "name_not_resolved"
        /// Nobody took the connection, or it was cut before an answer.
        case connectionFailed = "connection_failed"
        /// The receiver's certificate does not hold, or TLS failed otherwise.
        case tlsFailed = "tls_failed"
        /// There was no answer in time.
        case timeout
        /// What was answered is not HTTP.
        case answerInvalid = "answer_invalid"
        /// The event is larger than webhooks may be.
        case bodyTooLarge = "body_too_large"
        /// The service was stopped meanwhile; it is as if nothing had been tried.
        case interrupted
    }

    /// The status that was answered, if one was.
    public let status: Int?
    /// Why it failed; nil if it succeeded.
    public let failure: Failure?
    /// How long the receiver asks to be left alone.
    public let retryAfter: Duration?

    /// The receiver answered.
    public init(status: Int, retryAfter: Duration? = nil) {
        self.status = status
        failure = (200..<300).contains(status) ? nil : .status
        self.retryAfter = retryAfter
    }

    /// There was no answer.
    public init(_ failure: Failure) {
        status = nil
        self.failure = failure
        retryAfter = nil
    }

    /// Whether the receiver took it.
    public var isDelivered: Bool { failure == nil }
}

/// What an attempt leads to.
public enum WebhookVerdict: Hashable, Sendable {
    /// It is done.
    case delivered
    /// It is tried again.
    case retry(at: Timestamp)
    /// It is tried again once someone has switched the endpoint on again.
    case disable(WebhookEndpoint.DisabledReason, retryAt: Timestamp)
    /// It was the last attempt.
    case dead
}

/// How deliveries stand, over all tenants.
public struct WebhookFigures: Hashable, Sendable {
    /// Deliveries of active endpoints that are not settled.
    public let pendingCount: Int
    /// When the oldest event among them happened.
    public let oldestPendingAt: Timestamp?
    /// Dead letters in the log.
    public let deadCount: Int
    /// Endpoints that something is sent to.
    public let activeEndpointCount: Int
    /// Endpoints that nothing is sent to.
    public let disabledEndpointCount: Int

    /// Creates figures.
    public init(
        pendingCount: Int, oldestPendingAt: Timestamp?, deadCount: Int,
        activeEndpointCount: Int, disabledEndpointCount: Int
    ) {
        self.pendingCount = pendingCount
        self.oldestPendingAt = oldestPendingAt
        self.deadCount = deadCount
        self.activeEndpointCount = activeEndpointCount
        self.disabledEndpointCount = disabledEndpointCount
    }
}
