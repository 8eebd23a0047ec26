import Foundation
import ReturnsDomain
public import Statistics

/// What changed between two runs over the same items.
///
/// Items are paired by name. Deterministic: the same two runs give the same comparison, in the
/// order of the items' bytes.
public struct RunComparison: Sendable, Hashable {
    /// Flips held in memory and shown; all of them go into the file of `--flips`.
    public static let flipCountLimit = 1_000

    /// An item whose outcome differs.
    public struct Flip: Sendable, Hashable, Encodable {
        /// What names the item.
        public let item: String
        /// How it ended in the earlier run.
        public let before: ComparedResult
        /// How it ended in the later run.
        public let after: ComparedResult
    }

    /// A run and what judged its items.
    public struct Side: Sendable, Hashable, Encodable {
        /// The run's id, or the path of its results.
        public let run: String
        /// The models that were used.
        public fileprivate(set) var models: Set<String> = []
        /// The policies that were used.
        public fileprivate(set) var policies: Set<String> = []
        /// How many items it has.
        public fileprivate(set) var itemCount = 0

        private enum CodingKeys: String, CodingKey {
            case run, models, policies
            case itemCount = "items"
        }

        /// Writes the versions in the order of their names.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(run, forKey: .run)
            try container.encode(models.sorted(), forKey: .models)
            try container.encode(policies.sorted(), forKey: .policies)
            try container.encode(itemCount, forKey: .itemCount)
        }

        fileprivate mutating func count(_ result: ComparedResult) {
            itemCount += 1
            if let model = result.model { models.insert(model) }
            if let policy = result.policy { policies.insert(policy) }
        }
    }

    /// The earlier run.
    public private(set) var before: Side
    /// The later run.
    public private(set) var after: Side
    /// How often items ended one way before (row) and another way after (column); both in the order
    /// of ``ComparedResult/End/all``.
    public private(set) var ends: ConfusionTable
    /// Items that ended the same way, but with another recommendation or severity.
    public private(set) var shiftedCount = 0
    /// Items of the earlier run only.
    public private(set) var vanishedCount = 0
    /// Items of the later run only.
    public private(set) var appearedCount = 0
    /// The first ``flipCountLimit`` items that ended differently.
    public private(set) var flips: [Flip] = []

    init(before: String, after: String) {
        self.before = Side(run: before)
        self.after = Side(run: after)
        ends = ConfusionTable(classCount: ComparedResult.End.all.count)
    }

    /// The share of the common items that ended differently.
    public var flipped: Proportion {
        Proportion(successCount: ends.count - ends.agreementCount, count: ends.count)
    }

    /// Walks two runs side by side.
    ///
    /// - Parameter onFlip: Told every flip, in order.
    mutating func take(
        _ earlier: some OrderedResults, _ later: some OrderedResults,
        onFlip: (Flip) throws -> Void
    ) async throws {
        var (earlier, later) = (earlier, later)
        var (old, new) = (try await earlier.next(), try await later.next())
        while old != nil || new != nil {
            try Task.checkCancellation()
            switch (old, new) {
            case (let left?, let right?) where left.item.utf8.elementsEqual(right.item.utf8):
                try pair(left, right, onFlip)
                (old, new) = (try await earlier.next(), try await later.next())
            case (let left?, let right)
            where right.map { left.item.utf8.lexicographicallyPrecedes($0.item.utf8) } ?? true:
                before.count(left)
                vanishedCount += 1
                old = try await earlier.next()
            default:
                if let new { after.count(new) }
                appearedCount += 1
                new = try await later.next()
            }
        }
    }

    private mutating func pair(
        _ left: ComparedResult, _ right: ComparedResult, _ onFlip: (Flip) throws -> Void
    ) rethrows {
        before.count(left)
        after.count(right)
        let all = ComparedResult.End.all
        ends.add(
            truth: all.firstIndex(of: left.end) ?? 0, answer: all.firstIndex(of: right.end) ?? 0)
        if left.end != right.end {
            let flip = Flip(item: left.item, before: left, after: right)
            if flips.count < Self.flipCountLimit { flips.append(flip) }
            try onFlip(flip)
        } else if !left.saysTheSame(as: right) {
            shiftedCount += 1
        }
    }
}

extension RunComparison: Encodable {
    private enum CodingKeys: String, CodingKey {
        case before, after, common, flipped, shifted, vanished, appeared, confusion, flips
        case flipRateInterval = "flip_rate_interval"
        case flipsLeftOut = "flips_left_out"
    }

    /// Writes counts, the table of ends as `before → after → count`, and the flips.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(before, forKey: .before)
        try container.encode(after, forKey: .after)
        try container.encode(ends.count, forKey: .common)
        try container.encode(flipped.successCount, forKey: .flipped)
        try container.encode(flipped.wilson(), forKey: .flipRateInterval)
        try container.encode(shiftedCount, forKey: .shifted)
        try container.encode(vanishedCount, forKey: .vanished)
        try container.encode(appearedCount, forKey: .appeared)
        var table: [String: [String: Int]] = [:]
        for (row, from) in ComparedResult.End.all.enumerated() {
            for (column, to) in ComparedResult.End.all.enumerated() {
                let count = ends.counts[row][column]
                if count > 0 { table[from.word, default: [:]][to.word] = count }
            }
        }
        try container.encode(table, forKey: .confusion)
        try container.encode(flips, forKey: .flips)
        try container.encode(flipped.successCount - flips.count, forKey: .flipsLeftOut)
    }
}
