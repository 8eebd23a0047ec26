internal import Crypto
package import Foundation
public import ReturnsDomain

/// The headers by which a receiver knows that a delivery is genuine and new.
///
/// - SeeAlso: Standard Webhooks 1.0, "Webhook headers" and "Signature scheme".
public enum WebhookSignature {
    /// `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    ///
    /// - Parameters:
    ///   - due: What is delivered; each of its secrets makes one signature.
    ///   - now: When the attempt is made; receivers refuse what is older than some minutes.
    public static func headers(
        for due: DueWebhook, at now: Timestamp
    ) -> [(name: String, value: String)] {
        let seconds = String(now.millisecondsSince1970 / 1000)
        let signatures = due.secrets.map { secret in
            "v1,"
                + signature(
                    id: due.event.description, seconds: seconds, body: due.body, secret: secret)
        }
        return [
            ("webhook-id", due.event.description), ("webhook-timestamp", seconds),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }

    /// The HMAC in base64, without its version.
    package static func signature(
        id: String, seconds: String, body: Data, secret: WebhookSecret
    ) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(id).\(seconds).".utf8) + body, using: SymmetricKey(data: secret.key))
        return Data(code).base64EncodedString()
    }
}
