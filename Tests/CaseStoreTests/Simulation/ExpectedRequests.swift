import CaseStore
import ReturnsDomain

/// What must be true of requests that carry an idempotency key.
struct ExpectedRequests {
    private struct Request {
        let fingerprint: ContentHash
        let expiresAt: Timestamp
        var answer: StoredAnswer?

        /// An answer has its time; a request that is being worked on has not.
        func isOver(at now: Timestamp) -> Bool { answer != nil && expiresAt <= now }
    }

    private var known: [RequestKey: Request] = [:]

    /// How many rows the record must hold.
    var count: Int { known.count }

    /// What a client that asks must be told; a new request is known from then on.
    mutating func start(_ key: RequestKey, _ fingerprint: ContentHash, at now: Timestamp)
        -> RequestStart
    {
        if let request = known[key], !request.isOver(at: now) {
            guard request.fingerprint == fingerprint else { return .otherFingerprint }
            return request.answer.map { .completed($0) } ?? .running
        }
        known[key] = Request(
            fingerprint: fingerprint, expiresAt: now.advanced(by: CaseStore.requestLifetime))
        return .started
    }

    mutating func complete(_ key: RequestKey, with answer: StoredAnswer) {
        known[key]?.answer = answer
    }

    /// Forgets a request that came to nothing.
    mutating func release(_ key: RequestKey) {
        if known[key]?.answer == nil { known[key] = nil }
    }

    /// Forgets what a service that died left behind.
    mutating func releaseAll() {
        known = known.filter { $0.value.answer != nil }
    }

    mutating func removeExpired(at now: Timestamp) {
        known = known.filter { !$0.value.isOver(at: now) }
    }
}
