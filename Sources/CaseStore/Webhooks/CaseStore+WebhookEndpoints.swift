import Crypto
import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The most endpoints of one tenant.
    public static let webhookEndpointCountLimit = 20
    /// The longest description of an endpoint, in UTF-8 bytes.
    public static let webhookDescriptionByteCountLimit = 200

    /// Adds an endpoint, which is sent the events from now on; audited.
    ///
    /// - Parameters:
    ///   - url: Where it listens; whoever calls has checked it.
    ///   - description: What people call it, at most ``webhookDescriptionByteCountLimit`` bytes.
    ///   - eventTypes: The types wanted, among ``eventTypes``; empty for all.
    ///   - actor: Who adds it.
    /// - Returns: The endpoint, and the secret that signs, which is shown once.
    /// - Throws: ``WebhookStoreError/endpointExists(_:)`` for a second endpoint of one URL,
    ///   ``WebhookStoreError/endpointLimitReached(limit:)``,
    ///   ``WebhookStoreError/descriptionInvalid(byteCount:limit:)``.
    public func addWebhookEndpoint(
        url: String, description: String, eventTypes: [String],
        actor: AuditActor = .operatorOnHost
    ) async throws(CaseStoreError) -> (endpoint: WebhookEndpoint, secret: WebhookSecret) {
        let limit = Self.webhookDescriptionByteCountLimit
        let isPlain = description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard description.utf8.count <= limit, isPlain else {
            throw .webhook(.descriptionInvalid(byteCount: description.utf8.count, limit: limit))
        }
        let wrapping = wrapping
        return try await write { transaction in
            try transaction.checkRoomForWebhook(url: url)
            let id = WebhookEndpointID(at: transaction.now)
            let secret = WebhookSecret(key: SymmetricKey(size: .bits256).bytes)
            let owner = WebhookSecretOwner(tenant: transaction.tenant, endpoint: id)
            try transaction.execute(
                """
                INSERT INTO webhookEndpoint (tenant, id, url, description, eventTypes, createdAt,
                  wrappedSecret, cursor)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, IFNULL(
                  (SELECT last FROM sequence WHERE tenant = ?1 AND name = 'outboxEvent'), 0))
                """,
                [
                    id.description, url, description, wordList(eventTypes),
                    transaction.now.millisecondsSince1970, wrapping.wrap(secret, for: owner),
                ])
            try transaction.auditWebhook(id, "added", actor: actor)
            return (try transaction.webhookEndpoint(id), secret)
        }
    }

    /// The tenant's endpoints, the oldest first.
    public func webhookEndpoints() async throws(CaseStoreError) -> [WebhookEndpoint] {
        let tenant = tenant
        return try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM webhookEndpoint WHERE tenant = ? ORDER BY id",
                arguments: [tenant.description]
            ).map(WebhookEndpoint.init)
        }
    }

    /// Removes an endpoint with its deliveries, also those that wait; audited.
    ///
    /// - Throws: ``WebhookStoreError/endpointNotFound(_:)``.
    public func removeWebhookEndpoint(
        _ id: WebhookEndpointID, actor: AuditActor = .operatorOnHost
    ) async throws(CaseStoreError) {
        try await write { transaction in
            _ = try transaction.webhookEndpoint(id)
            try transaction.execute(
                "DELETE FROM webhookEndpoint WHERE tenant = ? AND id = ?", [id.description])
            try transaction.auditWebhook(id, "removed", actor: actor)
        }
    }

    /// Gives an endpoint a new secret; until the old one ends, both sign; audited.
    ///
    /// - Parameter duration: How long the old secret signs too; one from before it ends now.
    /// - Throws: ``WebhookStoreError/endpointNotFound(_:)``.
    public func rotateWebhookSecret(
        of id: WebhookEndpointID, keepingPreviousFor duration: Duration,
        actor: AuditActor = .operatorOnHost
    ) async throws(CaseStoreError) -> (endpoint: WebhookEndpoint, secret: WebhookSecret) {
        let wrapping = wrapping
        return try await write { transaction in
            _ = try transaction.webhookEndpoint(id)
            let secret = WebhookSecret(key: SymmetricKey(size: .bits256).bytes)
            let owner = WebhookSecretOwner(tenant: transaction.tenant, endpoint: id)
            try transaction.execute(
                """
                UPDATE webhookEndpoint SET wrappedPreviousSecret = wrappedSecret,
                  previousSecretUntil = ?3, wrappedSecret = ?4
                WHERE tenant = ?1 AND id = ?2
                """,
                [
                    id.description,
                    transaction.now.advanced(by: duration).millisecondsSince1970,
                    wrapping.wrap(secret, for: owner),
                ])
            try transaction.auditWebhook(id, "secret_rotated", actor: actor)
            return (try transaction.webhookEndpoint(id), secret)
        }
    }

    /// Lets events be sent to a disabled endpoint again, those that came meanwhile too; audited.
    ///
    /// What waits is tried at once. Does nothing to an endpoint that is active.
    ///
    /// - Throws: ``WebhookStoreError/endpointNotFound(_:)``.
    public func enableWebhookEndpoint(
        _ id: WebhookEndpointID, actor: AuditActor = .operatorOnHost
    ) async throws(CaseStoreError) -> WebhookEndpoint {
        try await write { transaction in
            let endpoint = try transaction.webhookEndpoint(id)
            guard endpoint.disabledAt != nil else { return endpoint }
            try transaction.execute(
                """
                UPDATE webhookEndpoint SET disabledAt = NULL, disabledReason = NULL,
                  failingSince = NULL
                WHERE tenant = ? AND id = ?
                """,
                [id.description])
            try transaction.execute(
                """
                UPDATE webhookDelivery SET nextAt = ?3
                WHERE tenant = ?1 AND endpoint = ?2 AND state = 'pending'
                """,
                [id.description, transaction.now.millisecondsSince1970])
            try transaction.auditWebhook(id, "enabled", actor: actor)
            return try transaction.webhookEndpoint(id)
        }
    }
}

extension StoreTransaction {
    /// Whether the tenant may have one more endpoint, and none at this URL yet.
    fileprivate func checkRoomForWebhook(url: String) throws {
        let rows = try Row.fetchAll(
            db, sql: "SELECT id, url FROM webhookEndpoint WHERE tenant = ?",
            arguments: [tenant.description])
        for row in rows where (row["url"] as String) == url {
            throw CaseStoreError.webhook(
                .endpointExists(
                    try identifier(row["id"], WebhookEndpointID.self)))
        }
        guard rows.count < CaseStore.webhookEndpointCountLimit else {
            throw CaseStoreError.webhook(
                .endpointLimitReached(
                    limit: CaseStore.webhookEndpointCountLimit))
        }
    }

    /// A column of wrapped secrets with their owners, of all tenants.
    func wrappedWebhookSecrets(_ column: String) throws -> [(WebhookSecretOwner, Data)] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT tenant, id, \(column) AS wrapped FROM webhookEndpoint
                WHERE \(column) IS NOT NULL
                """
        ).map { row in
            let owner = WebhookSecretOwner(
                tenant: try rowTenant(row),
                endpoint: try identifier(row["id"], WebhookEndpointID.self))
            return (owner, row["wrapped"])
        }
    }
}
