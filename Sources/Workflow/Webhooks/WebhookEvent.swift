public import ReturnsDomain

/// What the dispatcher of webhooks tells those who count; never a URL, a secret or a body.
public enum WebhookEvent: Sendable {
    /// An attempt ended and was noted.
    case attempted(DueWebhook, WebhookAttempt, WebhookVerdict, duration: Duration)
    /// Something went wrong that nobody waits to hear of.
    case trouble(String)
}
