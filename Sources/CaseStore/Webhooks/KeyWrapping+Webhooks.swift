import Crypto
import Foundation
internal import GRDB
import ReturnsDomain

extension KeyWrapping {
    /// Wraps an endpoint's secret for the database.
    ///
    /// The form of a wrapped data key; tenant and endpoint are the associated data, so that a
    /// secret cannot be moved to another endpoint.
    func wrap(_ secret: WebhookSecret, for owner: WebhookSecretOwner) throws -> Data {
        let box = try AES.GCM.seal(secret.key, using: key, authenticating: owner.associatedData)
        guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return keyName + combined
    }

    /// Opens a wrapped secret.
    ///
    /// - Throws: ``WebhookStoreError/secretBroken(_:)`` if it was changed or wrapped by another
    ///   key.
    func unwrap(
        _ wrapped: Data, for owner: WebhookSecretOwner
    ) throws(CaseStoreError) -> WebhookSecret {
        guard let key = keys[wrapped.prefix(8)],
            let box = try? AES.GCM.SealedBox(combined: wrapped.dropFirst(8)),
            let opened = try? AES.GCM.open(
                box, using: key, authenticating: owner.associatedData)
        else { throw .webhook(.secretBroken(owner.endpoint)) }
        return WebhookSecret(key: opened)
    }
}

/// Whose secret it is.
struct WebhookSecretOwner: Sendable {
    let tenant: Tenant
    let endpoint: WebhookEndpointID

    fileprivate var associatedData: Data {
        Data("regrade/1|\(tenant)|\(endpoint)|webhook-secret".utf8)
    }
}

extension CaseStore {
    /// Wraps the secrets of all endpoints with the present key, in one transaction: they are few.
    ///
    /// - Returns: How many it changed.
    func rewrapWebhookSecrets() async throws(CaseStoreError) -> Int {
        let wrapping = wrapping
        return try await write { transaction in
            var count = 0
            for column in ["wrappedSecret", "wrappedPreviousSecret"] {
                let rows = try transaction.wrappedWebhookSecrets(column)
                for (owner, wrapped) in rows where wrapped.prefix(8) != wrapping.keyName {
                    let secret = try wrapping.unwrap(wrapped, for: owner)
                    try transaction.db.execute(
                        sql: "UPDATE webhookEndpoint SET \(column) = ? WHERE tenant = ? AND id = ?",
                        arguments: [
                            wrapping.wrap(secret, for: owner), owner.tenant.description,
                            owner.endpoint.description,
                        ])
                    count += 1
                }
            }
            return count
        }
    }
}
