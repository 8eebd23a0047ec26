import Foundation
internal import GRDB
import ReturnsDomain

extension WebhookEndpoint {
    /// Reads a row of the table `webhookEndpoint`.
    init(_ row: Row) throws {
        self.init(
            id: try identifier(row["id"], WebhookEndpointID.self), url: row["url"],
            description: row["description"], eventTypes: words(row["eventTypes"]),
            createdAt: timestamp(row["createdAt"]),
            previousSecretUntil: (row["previousSecretUntil"] as Int64?).map(timestamp),
            failingSince: (row["failingSince"] as Int64?).map(timestamp),
            disabledAt: (row["disabledAt"] as Int64?).map(timestamp),
            disabledReason: try (row["disabledReason"] as String?).map {
                try word($0, WebhookEndpoint.DisabledReason.self)
            })
    }
}

extension WebhookDelivery {
    /// Reads a row of `webhookDelivery` joined with its event.
    init(_ row: Row) throws {
        self.init(
            sequence: row["seq"], event: try identifier(row["event"], EventID.self),
            type: row["type"], state: try word(row["state"], WebhookDelivery.State.self),
            attemptCount: row["attempts"], nextAt: (row["nextAt"] as Int64?).map(timestamp),
            lastAttemptAt: (row["lastAttemptAt"] as Int64?).map(timestamp),
            lastStatus: row["lastStatus"], lastError: row["lastError"])
    }
}

/// Whose a row is, by its column `tenant`.
func rowTenant(_ row: Row) throws -> Tenant {
    guard let tenant = Tenant(row["tenant"] as String) else {
        throw CaseStoreError.databaseCorrupt(reason: "a row of no tenant")
    }
    return tenant
}

extension StoreTransaction {
    /// An endpoint of this tenant.
    ///
    /// - Throws: ``WebhookStoreError/endpointNotFound(_:)``.
    func webhookEndpoint(_ id: WebhookEndpointID) throws -> WebhookEndpoint {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM webhookEndpoint WHERE tenant = ? AND id = ?",
            arguments: [tenant.description, id.description])
        guard let row else { throw CaseStoreError.webhook(.endpointNotFound(id)) }
        return try WebhookEndpoint(row)
    }

    /// Notes a change of an endpoint in the audit log; never its URL or its secret.
    func auditWebhook(
        _ id: WebhookEndpointID, _ change: String, actor: AuditActor, reason: String? = nil
    ) throws {
        var meta = ["endpoint": id.description, "change": change]
        meta["reason"] = reason
        _ = try appendAudit(AuditContent(kind: .webhookChange, actor: actor, meta: meta))
    }
}
