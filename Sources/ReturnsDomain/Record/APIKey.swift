/// What the record knows of an API key; the secret itself is nowhere.
public struct APIKey: Encodable, Hashable, Sendable {
    /// What a key opens.
    public enum Scope: String, CaseIterable, Hashable, Sendable {
        /// Post inspections, read them, appeal, erase.
        case submit
        /// Work through the review queue.
        case review
        /// Everything, and what operations need.
        case admin
    }

    /// The public part of the key.
    public let id: APIKeyID
    /// Whose data it opens.
    public let tenant: Tenant
    /// What people call it, such as `shop-frontend`.
    public let name: String
    /// What it opens, at least one.
    public let scopes: Set<Scope>
    /// When it was made.
    public let createdAt: Timestamp
    /// When it ends by itself; nil for never.
    public let expiresAt: Timestamp?
    /// When it was revoked; nil while it holds.
    public let revokedAt: Timestamp?

    /// Creates a description of a key.
    public init(
        id: APIKeyID, tenant: Tenant, name: String, scopes: Set<Scope>, createdAt: Timestamp,
        expiresAt: Timestamp?, revokedAt: Timestamp?
    ) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.scopes = scopes
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }

    /// Whether the key opens what a scope protects; `admin` opens everything.
    public func opens(_ scope: Scope) -> Bool {
        scopes.contains(scope) || scopes.contains(.admin)
    }

    private enum CodingKeys: String, CodingKey {
        case id, tenant, name, scopes
        case createdAt = "created_at"
        case expiresAt = "expires_at"
        case revokedAt = "revoked_at"
    }

    /// Writes every member; scopes in the order of their names.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(tenant.description, forKey: .tenant)
        try container.encode(name, forKey: .name)
        try container.encode(scopes.map(\.rawValue).sorted(), forKey: .scopes)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(expiresAt, forKey: .expiresAt)
        try container.encode(revokedAt, forKey: .revokedAt)
    }
}

/// Why a key was not accepted; the one who sent it learns only that it was not.
public enum SignInRefusal: String, Error, Hashable, Sendable {
    /// It does not have the form of a key.
    case malformed
    /// There is no key of this id.
    case unknown
    /// The id exists, the secret is another.
    case wrongSecret = "wrong_secret"
    /// Its time is over.
    case expired
    /// It was revoked.
    case revoked
}
