public import ReturnsDomain

/// Why the record refuses something about webhooks, part of ``CaseStoreError``.
public enum WebhookStoreError: Error, Hashable, Sendable {
    /// There is no webhook endpoint of this id.
    case endpointNotFound(WebhookEndpointID)
    /// There is an endpoint at this URL; the id names it.
    case endpointExists(WebhookEndpointID)
    /// The tenant has as many endpoints as are allowed.
    case endpointLimitReached(limit: Int)
    /// An endpoint's description is too long or holds control characters.
    case descriptionInvalid(byteCount: Int, limit: Int)
    /// A replay names more events than one call takes.
    case replayTooLong(count: Int64, limit: Int)
    /// An endpoint's secret does not open with the wrapping key: it was changed.
    case secretBroken(WebhookEndpointID)
}

extension WebhookStoreError: CustomStringConvertible {
    /// The sentence that users read.
    public var description: String {
        switch self {
        case .endpointNotFound(let id): "there is no webhook endpoint \(id)"
        case .endpointExists(let id):
            "webhook endpoint \(id) has this URL already; rotate its secret, or remove it first"
        case .endpointLimitReached(let limit):
            "there are \(limit) webhook endpoints, which is the limit; remove one first"
        case .descriptionInvalid(let byteCount, let limit):
            "an endpoint's description has \(byteCount) bytes or control characters, expected at "
                + "most \(limit) bytes of plain text"
        case .replayTooLong(let count, let limit):
            "the range holds \(count) events, more than the \(limit) of one replay; ask for it in "
                + "parts"
        case .secretBroken(let id):
            "the secret of webhook endpoint \(id) does not open; the bytes or the key were changed"
        }
    }
}
