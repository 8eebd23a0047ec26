import Foundation
import HTTPTypes
import ReturnsDomain
import Synchronization
import Workflow

/// Who a request comes from, and how many requests it may still send.
final class KeyCheck: Sendable {
    private let desk: InspectionDesk
    private let metrics: ServiceMetrics
    private let rates: Mutex<[APIKeyID: TokenBucket]>
    private let refusals = Mutex(Refusals())
    private let requestRateLimit: Int

    /// Refused attempts that the audit log does not know yet.
    private struct Refusals {
        var counts: [SignInRefusal: Int] = [:]
        var nextEntry = ContinuousClock.now
    }

    /// At most one audit entry in this time, with counts: whoever guesses keys must not be able to
    /// fill the disk.
    private static let auditPause: Duration = .seconds(10)

    init(desk: InspectionDesk, metrics: ServiceMetrics) {
        self.desk = desk
        self.metrics = metrics
        requestRateLimit = desk.settings.serving.requestRateLimit
        rates = Mutex([:])
    }

    /// The key that signs a request.
    ///
    /// - Throws: ``Problem`` with `not_signed_in`, which never says what was wrong with a key.
    func key(of authorization: String?) async throws -> APIKey {
        var refused = Problem(
            .notSignedIn, "the header Authorization holds no key that opens this service")
        refused.fields[.wwwAuthenticate] = "Bearer realm=\"regrade\""
        guard let authorization else { throw refused }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            await note(.malformed)
            throw refused
        }
        switch try await desk.signIn(String(parts[1]).trimmed) {
        case .success(let key): return key
        case .failure(let refusal):
            await note(refusal)
            throw refused
        }
    }

    /// Counts a request of a key.
    ///
    /// - Returns: The headers that tell what is left.
    /// - Throws: ``Problem`` with `rate_limited`.
    /// - SeeAlso: IETF draft-ietf-httpapi-ratelimit-headers.
    func countRequest(of key: APIKey) throws(Problem) -> HTTPFields {
        let now = ContinuousClock.now
        let (isTaken, bucket) = rates.withLock { rates in
            // Forgetting full buckets loses nothing: a new one is full as well.
            if rates.count > 10_000 { rates = rates.filter { !$0.value.isFull(at: now) } }
            var bucket = rates[key.id] ?? TokenBucket(capacity: requestRateLimit, at: now)
            let isTaken = bucket.take(at: now)
            rates[key.id] = bucket
            return (isTaken, bucket)
        }
        var fields: HTTPFields = [:]
        fields[.rateLimitPolicy] = "\"key\";q=\(requestRateLimit);w=60"
        fields[.rateLimit] = "\"key\";r=\(bucket.whole);t=\(bucket.secondsUntilNext)"
        guard isTaken else {
            var problem = Problem(
                .rateLimited,
                "the key sent more requests than requestRateLimit, "
                    + "\(requestRateLimit) a minute, allows")
            problem.fields = fields
            problem.fields[.retryAfter] = String(max(1, bucket.secondsUntilNext))
            throw problem
        }
        return fields
    }

    private func note(_ refusal: SignInRefusal) async {
        metrics.signInRefused(refusal)
        let now = ContinuousClock.now
        let due: [SignInRefusal: Int] = refusals.withLock { refusals in
            refusals.counts[refusal, default: 0] += 1
            guard now >= refusals.nextEntry else { return [:] }
            refusals.nextEntry = now.advanced(by: Self.auditPause)
            defer { refusals.counts = [:] }
            return refusals.counts
        }
        await record(due)
    }

    /// Puts refused attempts into the audit log that it does not know yet.
    func flush() async {
        let left: [SignInRefusal: Int] = refusals.withLock { refusals in
            defer { refusals.counts = [:] }
            return refusals.counts
        }
        await record(left)
    }

    private func record(_ counts: [SignInRefusal: Int]) async {
        guard !counts.isEmpty else { return }
        do {
            try await desk.recordFailedSignIns(counts)
        } catch {
            // The refusal stands either way; the counts are told with the next entry.
            refusals.withLock { $0.counts.merge(counts, uniquingKeysWith: +) }
        }
    }
}

/// Requests that may still be sent: refills evenly over a minute up to its capacity.
package struct TokenBucket {
    private let capacity: Double
    private var tokens: Double
    private var filledAt: ContinuousClock.Instant

    /// A full bucket.
    ///
    /// - Parameter capacity: At least 1.
    package init(capacity: Int, at now: ContinuousClock.Instant) {
        self.capacity = Double(capacity)
        tokens = Double(capacity)
        filledAt = now
    }

    /// Takes one; false if none is left.
    package mutating func take(at now: ContinuousClock.Instant) -> Bool {
        tokens = level(at: now)
        filledAt = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// Whether nothing was taken lately.
    package func isFull(at now: ContinuousClock.Instant) -> Bool { level(at: now) >= capacity }

    /// Whole tokens left.
    package var whole: Int { Int(tokens) }

    /// Seconds until one more can be taken; 0 if there is one.
    package var secondsUntilNext: Int {
        tokens >= 1 ? 0 : Int(((1 - tokens) * 60 / capacity).rounded(.up))
    }

    private func level(at now: ContinuousClock.Instant) -> Double {
        min(capacity, tokens + (filledAt.duration(to: now) / .seconds(60)) * capacity)
    }
}
