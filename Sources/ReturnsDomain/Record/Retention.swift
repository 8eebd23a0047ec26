/// How long what is kept of a case stays, in days from its inspection.
public struct RetentionPeriods: Codable, Hashable, Sendable {
    /// Days until the kept photos go.
    public let photos: Int
    /// Days until the customer's statement and the reviewers' comments go.
    public let texts: Int
    /// Days until the case is erased.
    public let cases: Int

    /// Creates periods of 1 to 36,500 days.
    public init(photos: Int, texts: Int, cases: Int) {
        self.photos = photos
        self.texts = texts
        self.cases = cases
    }

    /// The period of one scope in days.
    public func days(of scope: ErasureScope) -> Int {
        switch scope {
        case .photos: photos
        case .texts: texts
        case .wholeCase: cases
        }
    }
}

/// Retention periods per region.
public struct RetentionSchedule: Hashable, Sendable {
    /// Periods for some regions.
    public struct Rule: Hashable, Sendable {
        /// ISO 3166-1 codes.
        public let regions: Set<String>
        /// How long things stay there.
        public let periods: RetentionPeriods

        /// Creates a rule.
        public init(regions: Set<String>, periods: RetentionPeriods) {
            self.regions = regions
            self.periods = periods
        }
    }

    /// The first rule that names a case's region counts.
    public let rules: [Rule]
    /// For regions that no rule names, and cases without a region.
    public let others: RetentionPeriods

    /// Creates a schedule.
    public init(rules: [Rule], others: RetentionPeriods) {
        self.rules = rules
        self.others = others
    }

    /// The periods of a region; nil stands for a case without one.
    public func periods(in region: String?) -> RetentionPeriods {
        rules.first { $0.regions.contains(region ?? "") }?.periods ?? others
    }

    /// The regions that any rule names, each with its periods, by code.
    public var periodsByRegion: [String: RetentionPeriods] {
        var periods: [String: RetentionPeriods] = [:]
        for rule in rules.reversed() {
            for region in rule.regions { periods[region] = rule.periods }
        }
        return periods
    }
}

/// What a retention sweep removed, or would remove.
public struct RetentionReport: Codable, Hashable, Sendable {
    /// Cases whose kept photos went.
    public var photos = 0
    /// Cases whose texts went.
    public var texts = 0
    /// Cases that were erased.
    public var cases = 0
    /// Whether traces remain in the files until the directory is opened next.
    public var isComplete = true

    /// Nothing removed.
    public init() {}

    private enum CodingKeys: String, CodingKey {
        case photos, texts, cases
        case isComplete = "complete"
    }
}
