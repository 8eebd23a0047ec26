public import Foundation

/// Where a tenant's outgoing events are sent.
public struct WebhookEndpoint: Encodable, Hashable, Sendable {
    /// Why nothing is sent any more until someone switches it on again.
    public enum DisabledReason: String, Encodable, Hashable, Sendable {
        /// The receiver answered 410.
        case gone
        /// Nothing was delivered for as many days as are allowed.
        case failing
    }

    /// Its name.
    public let id: WebhookEndpointID
    /// Where it listens; may hold a receiver's own secrets, so it is neither logged nor audited.
    public let url: String
    /// What people call it.
    public let description: String
    /// The types of events wanted; empty for all.
    public let eventTypes: [String]
    /// When it was added.
    public let createdAt: Timestamp
    /// Until when the secret before the last rotation signs too; nil if there is none.
    public let previousSecretUntil: Timestamp?
    /// Since when no attempt has succeeded; nil after a success.
    public let failingSince: Timestamp?
    /// Since when nothing is sent; nil while it is active.
    public let disabledAt: Timestamp?
    /// Why nothing is sent.
    public let disabledReason: DisabledReason?

    /// Describes an endpoint.
    public init(
        id: WebhookEndpointID, url: String, description: String, eventTypes: [String],
        createdAt: Timestamp, previousSecretUntil: Timestamp? = nil,
        failingSince: Timestamp? = nil, disabledAt: Timestamp? = nil,
        disabledReason: DisabledReason? = nil
    ) {
        self.id = id
        self.url = url
        self.description = description
        self.eventTypes = eventTypes
        self.createdAt = createdAt
        self.previousSecretUntil = previousSecretUntil
        self.failingSince = failingSince
        self.disabledAt = disabledAt
        self.disabledReason = disabledReason
    }

    private enum CodingKeys: String, CodingKey {
        case id, url, description, state
        case eventTypes = "event_types"
        case createdAt = "created_at"
        case previousSecretUntil = "previous_secret_until"
        case failingSince = "failing_since"
        case disabledAt = "disabled_at"
        case disabledReason = "disabled_reason"
    }

    /// Writes every member and `state`, `active` or `disabled`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(url, forKey: .url)
        try container.encode(description, forKey: .description)
        try container.encode(disabledAt == nil ? "active" : "disabled", forKey: .state)
        try container.encode(eventTypes, forKey: .eventTypes)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(previousSecretUntil, forKey: .previousSecretUntil)
        try container.encode(failingSince, forKey: .failingSince)
        try container.encode(disabledAt, forKey: .disabledAt)
        try container.encode(disabledReason, forKey: .disabledReason)
    }
}

/// What an endpoint's deliveries are signed with.
///
/// - SeeAlso: Standard Webhooks 1.0, "Signature scheme".
public struct WebhookSecret: Hashable, Sendable, CustomStringConvertible {
    /// The key of the HMAC, 32 random bytes.
    public let key: Data

    /// Takes a key that was made before.
    public init(key: Data) { self.key = key }

    /// What the receiver is given, once: `whsec_` and base64.
    public var text: String { "whsec_" + key.base64EncodedString() }

    /// Never the secret, so that no log line shows it by mistake.
    public var description: String { "whsec_…" }
}

/// An endpoint at one of the two moments when its secret is told: when it is made, and when the
/// secret is replaced.
public struct WebhookEndpointWithSecret: Encodable, Sendable {
    private let endpoint: WebhookEndpoint
    private let secret: WebhookSecret

    /// Puts both together.
    public init(endpoint: WebhookEndpoint, secret: WebhookSecret) {
        self.endpoint = endpoint
        self.secret = secret
    }

    private enum CodingKeys: String, CodingKey {
        case secret
    }

    /// Writes the endpoint's members and `secret`.
    public func encode(to encoder: any Encoder) throws {
        try endpoint.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(secret.text, forKey: .secret)
    }
}
