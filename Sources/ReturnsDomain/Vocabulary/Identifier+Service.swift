/// Names API keys.
public enum APIKeyKind: IdentifierKind {
    /// `key`.
    public static var prefix: String { "key" }
}

/// Names requests to the service, in answers and log lines.
public enum ServiceRequestKind: IdentifierKind {
    /// `req`.
    public static var prefix: String { "req" }
}

/// Names receivers of webhooks.
public enum WebhookEndpointKind: IdentifierKind {
    /// `whe`.
    public static var prefix: String { "whe" }
}

/// Names one API key: `key_…`.
public typealias APIKeyID = Identifier<APIKeyKind>
/// Names one request to the service: `req_…`.
public typealias ServiceRequestID = Identifier<ServiceRequestKind>
/// Names one receiver of webhooks: `whe_…`.
public typealias WebhookEndpointID = Identifier<WebhookEndpointKind>
