internal import Configuration
public import ReturnsDomain
internal import Statistics

/// When a rise is worth a warning: pure.
///
/// Each product and category is compared with its own past, for submissions, retakes and rejects
/// each. The recent window moves with every check, so that a day's checks are many tests; the
/// probability that any of them warns although no rate rose is at most ``falseAlarmsPerDay``.
///
/// - SeeAlso: `docs/early-warning.md`.
public struct EarlyWarningTerms: Sendable, Hashable {
    /// Hours of the recent window.
    public var recentHours = 24
    /// Days of the time before.
    public var pastDays = 28
    /// The fewest recent events that are worth a warning.
    public var countMinimum = 10

    /// Hours between two checks.
    public static let checkHours = 1
    /// The most false alarms a day and tenant that are expected if counts are Poisson.
    public static let falseAlarmsPerDay = 0.01
    /// How many times what was expected must have happened.
    public static let ratioMinimum = 1.5
    /// A segment's own past must be this many times as long as the recent window.
    private static let pastMinimum = 3.0

    /// Creates terms with their defaults.
    public init() {}

    /// The keys of a settings file.
    static let keys: Set<String> = [
        "earlyWarningHours", "earlyWarningPastDays", "earlyWarningCount",
    ]

    /// Reads the settings that are stated; the others keep their defaults.
    ///
    /// - Throws: ``Failure`` of kind `configuration` naming the setting, its value and the bound.
    init(reader: ConfigReader) throws {
        recentHours = try Settings.wholeNumber("earlyWarningHours", reader) ?? recentHours
        pastDays = try Settings.wholeNumber("earlyWarningPastDays", reader) ?? pastDays
        countMinimum = try Settings.wholeNumber("earlyWarningCount", reader) ?? countMinimum
    }

    /// Where the recent window begins when it ends at a moment.
    public func recentStart(until end: Timestamp) -> Timestamp {
        end.advanced(by: .seconds(-3_600 * recentHours))
    }

    /// Where the time before begins.
    public func pastStart(until end: Timestamp) -> Timestamp {
        recentStart(until: end).advanced(by: .seconds(-86_400 * pastDays))
    }

    /// The rises among all that was counted, the least likely first.
    ///
    /// - Parameters:
    ///   - counts: Every segment that had an item in either time: also those that did not rise,
    ///     since they count as tests.
    ///   - end: Where the recent window ends.
    public func warnings(in counts: [SegmentCounts], until end: Timestamp) -> [EarlyWarning] {
        let rises = counts.flatMap { segment in
            EarlyWarning.Measure.allCases.compactMap { rise($0, of: segment, until: end) }
        }
        guard !rises.isEmpty else { return [] }
        let checksPerDay = 24.0 / Double(Self.checkHours)
        // Bonferroni, which holds however the tests depend on each other.
        let level = Self.falseAlarmsPerDay / (checksPerDay * Double(rises.count))
        return rises.filter { warning in
            let expected = Double(warning.pastCount) / warning.pastHours * warning.recentHours
            return warning.probability <= level && warning.recentCount >= countMinimum
                && Double(warning.recentCount) >= Self.ratioMinimum * expected
        }.sorted { $0.probability < $1.probability }
    }

    /// One test; nil where there is nothing to count, or not enough of a past.
    private func rise(
        _ measure: EarlyWarning.Measure, of segment: SegmentCounts, until end: Timestamp
    ) -> EarlyWarning? {
        let (recent, past) = (segment.recent[measure] ?? 0, segment.past[measure] ?? 0)
        let start = recentStart(until: end)
        // A product that is sold since last week has a past of a week.
        let pastStart = max(pastStart(until: end), segment.firstAt)
        let milliseconds = start.millisecondsSince1970 - pastStart.millisecondsSince1970
        let pastHours = Double(milliseconds) / 3_600_000
        guard recent + past > 0, pastHours >= Self.pastMinimum * Double(recentHours) else {
            return nil
        }
        let comparison = RateComparison(
            recentCount: recent, recentDuration: Double(recentHours), pastCount: past,
            pastDuration: pastHours)
        return EarlyWarning(
            measure: measure, segment: segment.segment, recentCount: recent,
            recentHours: Double(recentHours), pastCount: past, pastHours: pastHours,
            probability: comparison.riseProbability)
    }
}
