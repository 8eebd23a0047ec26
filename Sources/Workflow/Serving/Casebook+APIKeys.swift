import CaseStore
public import ReturnsDomain

extension Casebook {
    /// The casebook of another tenant in the same data directory.
    public func forTenant(_ tenant: Tenant) -> Casebook {
        Casebook(store: store.forTenant(tenant), warn: warn)
    }

    /// Makes an API key; audited.
    ///
    /// - Returns: The key, and the text that signs in with it, which is kept nowhere.
    public func createAPIKey(
        name: String, scopes: Set<APIKey.Scope>, expiresAt: Timestamp?
    ) async throws -> (key: APIKey, text: String) {
        try await changing {
            try await $0.createAPIKey(name: name, scopes: scopes, expiresAt: expiresAt)
        }
    }

    /// The tenant's API keys, revoked and expired ones too.
    public func apiKeys() async throws -> [APIKey] {
        try await Self.failing { try await store.apiKeys() }
    }

    /// Ends an API key at once; audited.
    public func revokeAPIKey(_ id: APIKeyID) async throws {
        try await changing { try await $0.revokeAPIKey(id) }
    }
}
