import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The longest name of an API key, in UTF-8 bytes.
    public static let apiKeyNameByteCountLimit = 100

    /// Makes an API key of this tenant; audited.
    ///
    /// The text is shown once and kept nowhere: the record has only the SHA-256 of its secret part,
    /// which is enough because the secret has 256 random bits and cannot be guessed.
    ///
    /// - Parameters:
    ///   - name: What people call it, 1…``apiKeyNameByteCountLimit`` bytes.
    ///   - scopes: What it opens, at least one.
    ///   - expiresAt: When it ends by itself; nil for never.
    /// - Returns: The key, and the text that signs in with it.
    /// - Throws: ``CaseStoreError/apiKeyNameInvalid(byteCount:limit:)``.
    public func createAPIKey(
        name: String, scopes: Set<APIKey.Scope>, expiresAt: Timestamp?
    ) async throws(CaseStoreError) -> (key: APIKey, text: String) {
        precondition(!scopes.isEmpty, "a key without a scope opens nothing")
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard (1...Self.apiKeyNameByteCountLimit).contains(name.utf8.count), isPlain else {
            throw .apiKeyNameInvalid(
                byteCount: name.utf8.count, limit: Self.apiKeyNameByteCountLimit)
        }
        let tenant = tenant
        return try await write { transaction in
            let key = APIKey(
                id: APIKeyID(at: transaction.now), tenant: tenant, name: name, scopes: scopes,
                createdAt: transaction.now, expiresAt: expiresAt, revokedAt: nil)
            let credential = APICredential(id: key.id)
            try transaction.execute(
                """
                INSERT INTO apiKey (tenant, id, name, hash, scopes, createdAt, expiresAt)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    key.id.description, name, credential.secretHash,
                    wordList(scopes.map(\.rawValue).sorted()),
                    key.createdAt.millisecondsSince1970, expiresAt?.millisecondsSince1970,
                ])
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .keyCreated, actor: .operatorOnHost,
                    meta: [
                        "key": key.id.description,
                        "scopes": wordList(scopes.map(\.rawValue).sorted()),
                        "expires_at": expiresAt?.description ?? "",
                    ]))
            return (key, credential.text)
        }
    }

    /// The tenant's API keys, the oldest first; revoked and expired ones too.
    public func apiKeys() async throws(CaseStoreError) -> [APIKey] {
        let tenant = tenant
        return try await read { db in
            let sql = "SELECT * FROM apiKey WHERE tenant = ? ORDER BY id"
            return try Row.fetchAll(db, sql: sql, arguments: [tenant.description])
                .map { try apiKey(from: $0) }
        }
    }

    /// Ends an API key at once; audited.
    ///
    /// Revoking it again changes nothing.
    ///
    /// - Throws: ``CaseStoreError/apiKeyNotFound(_:)``.
    public func revokeAPIKey(_ id: APIKeyID) async throws(CaseStoreError) {
        try await write { transaction in
            let sql = "SELECT revokedAt FROM apiKey WHERE tenant = ? AND id = ?"
            let arguments: StatementArguments = [transaction.tenant.description, id.description]
            guard let row = try Row.fetchOne(transaction.db, sql: sql, arguments: arguments) else {
                throw CaseStoreError.apiKeyNotFound(id)
            }
            guard row["revokedAt"] as Int64? == nil else { return }
            // The tenant is the first argument of every statement, so it is `?1` here.
            try transaction.execute(
                "UPDATE apiKey SET revokedAt = ?2 WHERE tenant = ?1 AND id = ?3",
                [transaction.now.millisecondsSince1970, id.description])
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .keyRevoked, actor: .operatorOnHost, meta: ["key": id.description]))
        }
    }

    /// Finds whose key a text is, in all tenants.
    ///
    /// Takes the same steps for every text, and compares in constant time.
    public func signIn(
        _ text: String
    ) async throws(CaseStoreError) -> Result<APIKey, SignInRefusal> {
        guard let credential = APICredential(text) else { return .failure(.malformed) }
        let now = clock.now()
        return try await read { db in
            let sql = "SELECT * FROM apiKey WHERE id = ?"
            let row = try Row.fetchOne(db, sql: sql, arguments: [credential.id.description])
            let stored: Data = row?["hash"] ?? APICredential.noHash
            let isRight = credential.matches(stored)
            guard let row else { return .failure(.unknown) }
            guard isRight else { return .failure(.wrongSecret) }
            let key = try apiKey(from: row)
            guard key.revokedAt == nil else { return .failure(.revoked) }
            if let end = key.expiresAt, end <= now { return .failure(.expired) }
            return .success(key)
        }
    }

    /// Puts refused attempts to sign in into the audit log.
    ///
    /// - Parameters:
    ///   - refusals: How many for which reason; whoever counts them bounds how often this is
    ///     called.
    public func recordFailedSignIns(
        _ refusals: [SignInRefusal: Int]
    ) async throws(CaseStoreError) {
        let meta = Dictionary(
            uniqueKeysWithValues: refusals.map { ($0.key.rawValue, String($0.value)) })
        try await write { transaction in
            _ = try transaction.appendAudit(
                AuditContent(kind: .signInFailed, actor: .machine, meta: meta))
        }
    }
}

/// Reads a row of the table `apiKey`.
private func apiKey(from row: Row) throws -> APIKey {
    guard let tenant = Tenant(row["tenant"] as String) else {
        throw CaseStoreError.databaseCorrupt(reason: "a key of no tenant")
    }
    return APIKey(
        id: try identifier(row["id"], APIKeyID.self), tenant: tenant, name: row["name"],
        scopes: Set(try words(row["scopes"]).map { try word($0, APIKey.Scope.self) }),
        createdAt: timestamp(row["createdAt"]),
        expiresAt: (row["expiresAt"] as Int64?).map(timestamp),
        revokedAt: (row["revokedAt"] as Int64?).map(timestamp))
}
