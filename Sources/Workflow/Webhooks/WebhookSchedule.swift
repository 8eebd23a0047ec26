public import ReturnsDomain

/// When a delivery is tried again, and when it is given up: pure.
///
/// - SeeAlso: Standard Webhooks 1.0, "Deliverability and reliability", whose schedule it is.
public struct WebhookSchedule: Sendable {
    /// The waits after the first, second, … attempt; after one attempt more than there are waits a
    /// delivery is dead.
    public static let waits: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1_800), .seconds(7_200), .seconds(18_000),
        .seconds(36_000), .seconds(50_400), .seconds(72_000), .seconds(86_400),
    ]

    /// The longest time that a receiver's Retry-After is heeded: a day.
    public static let retryAfterLimit: Duration = .seconds(86_400)

    /// How far a wait is stretched or cut, so that what failed together does not come back
    /// together: a tenth.
    public static let jitter = 0.1

    /// How long an endpoint may fail without a success between before it is disabled.
    private let failureLimit: Duration

    /// Creates the schedule.
    ///
    /// - Parameter failureDaysLimit: Days without a success after which an endpoint is disabled.
    public init(failureDaysLimit: Int) {
        failureLimit = .seconds(failureDaysLimit * 86_400)
    }

    /// What follows from an attempt.
    ///
    /// - Parameters:
    ///   - attempt: What came of it.
    ///   - due: What was tried.
    ///   - now: When it ended.
    ///   - generator: Where jitter comes from.
    public func verdict(
        on attempt: WebhookAttempt, of due: DueWebhook, at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> WebhookVerdict {
        if attempt.isDelivered { return .delivered }
        let next = Self.wait(
            after: due.attempt, retryAfter: attempt.retryAfter, using: &generator)
        // Disabling keeps the delivery: what was not taken waits for the endpoint's return.
        if attempt.status == 410 { return .disable(.gone, retryAt: now) }
        if let since = due.failingSince, since.advanced(by: failureLimit) <= now {
            return .disable(.failing, retryAt: now)
        }
        guard let next else { return .dead }
        return .retry(at: now.advanced(by: next))
    }

    /// The wait after an attempt; nil after the last.
    static func wait(
        after attempt: Int, retryAfter: Duration?,
        using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        guard waits.indices.contains(attempt - 1) else { return nil }
        let share = Double.random(in: 1 - jitter...1 + jitter, using: &generator)
        let wait = waits[attempt - 1] * share
        guard let retryAfter else { return wait }
        return max(wait, min(retryAfter, retryAfterLimit))
    }
}
