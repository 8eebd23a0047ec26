import CaseStore
import ReturnsDomain

/// What must be true of the deliveries to one webhook endpoint.
struct ExpectedDeliveries {
    private struct Delivery {
        var nextAt: Timestamp
        var attemptCount = 0
    }

    /// How many are sent at once to an endpoint that takes them; one to one that is failing.
    static let limit = 4

    private var pending: [Int64: Delivery] = [:]
    private var cursor: Int64 = 0
    private var isFailing = false
    /// What the receiver has got, and how often.
    private(set) var received: [Int64: Int] = [:]

    /// Whether nothing is left to be sent of so many events.
    func isDone(_ eventCount: Int) -> Bool { cursor == Int64(eventCount) && pending.isEmpty }

    mutating func plan(_ eventCount: Int, at now: Timestamp) {
        let end = min(cursor + Int64(CaseStore.groupCountLimit), Int64(eventCount))
        while cursor < end {
            cursor += 1
            pending[cursor] = Delivery(nextAt: now)
        }
    }

    /// What must be due, with the number of the attempt, while some are being sent.
    func due(at now: Timestamp, sending: Set<Int64>) -> [(seq: Int64, attempt: Int)] {
        let room = (isFailing ? 1 : Self.limit) - sending.count
        guard room > 0 else { return [] }
        return pending.filter { $0.value.nextAt <= now && !sending.contains($0.key) }
            .sorted { ($0.value.nextAt, $0.key) < ($1.value.nextAt, $1.key) }
            .prefix(room).map { (seq: $0.key, attempt: $0.value.attemptCount + 1) }
    }

    mutating func receive(_ seq: Int64) { received[seq, default: 0] += 1 }

    /// - Parameter retry: When it is tried again; nil if it was delivered.
    mutating func settle(_ seq: Int64, retryAt retry: Timestamp?) {
        isFailing = retry != nil
        if let retry {
            pending[seq]?.nextAt = retry
            pending[seq]?.attemptCount += 1
        } else {
            pending[seq] = nil
        }
    }
}
