/// Whether, and for which share of cases, a machine may decide in a category and region.
public struct AutomationSwitch: Codable, Hashable, Sendable {
    /// The category it holds for; nil for all.
    public let category: String?
    /// The region it holds for; nil for all.
    public let region: String?
    /// The share of cases a machine may decide, 0 (off) … 1 (all).
    public let share: Double
    /// When it was set.
    public let changedAt: Timestamp

    /// Creates a switch.
    ///
    /// - Precondition: `share` is in 0…1.
    public init(category: String?, region: String?, share: Double, changedAt: Timestamp) {
        precondition((0...1).contains(share), "share \(share) is outside 0…1")
        self.category = category
        self.region = region
        self.share = share
        self.changedAt = changedAt
    }

    private enum CodingKeys: String, CodingKey {
        case category, region, share
        case changedAt = "changed_at"
    }
}

extension [AutomationSwitch] {
    /// The share of cases a machine may decide here, 0…1.
    ///
    /// The most specific switch that matches rules, so that a pilot may be on for one category
    /// while everything else is off; of two equally specific ones the lower share. Without any
    /// matching switch everything is on. Switching off without a category and a region removes all
    /// other switches, so that nothing more specific can keep running.
    public func share(category: String?, region: String?) -> Double {
        let matching = filter {
            ($0.category == nil || $0.category == category)
                && ($0.region == nil || $0.region == region)
        }
        let mostSpecific = matching.map(\.specificity).max()
        return matching.filter { $0.specificity == mostSpecific }.map(\.share).min() ?? 1
    }
}

extension AutomationSwitch {
    /// How many of category and region are stated.
    fileprivate var specificity: Int { (category == nil ? 0 : 1) + (region == nil ? 0 : 1) }
}
