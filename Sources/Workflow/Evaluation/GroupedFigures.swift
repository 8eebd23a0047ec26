public import Statistics

/// A figure with the range in which it would lie on other cases like these.
public struct Figure: Codable, Hashable, Sendable {
    /// The figure; nil if these cases do not define it.
    public let value: Double?
    /// Its interval; nil if the cases are too few to tell.
    public let interval: Interval?
    /// How the interval was found.
    public let method: Method?

    /// How an interval was found.
    public enum Method: String, Codable, Hashable, Sendable {
        /// Whole groups drawn with replacement, percentiles.
        case groupBootstrap = "group_bootstrap"
        /// Exact, with groups as cases: where every resample gives the same share.
        case clopperPearson = "clopper_pearson"
    }
}

/// Figures over some of the cases, with intervals over their groups.
struct GroupedFigures {
    let groups: [Int]
    let groupCount: Int
    let bootstrap: Bootstrap

    /// Numbers the groups of these cases.
    init(groupNames: [String], bootstrap: Bootstrap) {
        groups = Bootstrap.groupNumbers(of: groupNames)
        groupCount = (groups.max() ?? -1) + 1
        self.bootstrap = bootstrap
    }

    /// A statistic of the cases, given how often each counts; nil weights mean once.
    func figure(_ statistic: ([Int]?) -> Double?) -> Figure {
        let value = statistic(nil)
        let interval =
            value == nil ? nil : bootstrap.interval(groups: groups) { statistic($0) }
        return Figure(
            value: value, interval: interval, method: interval == nil ? nil : .groupBootstrap)
    }

    /// The share of the cases with a property among those that count.
    ///
    /// A share of 0 or 1 is the same in every resample, which would look like certainty; then the
    /// exact interval is given, with one case per group.
    func share(of hasProperty: [Bool], among counts: [Bool]) -> Figure {
        let figure = figure { weights in
            var total = 0
            var having = 0
            for index in counts.indices where counts[index] {
                let weight = weights?[index] ?? 1
                total += weight
                if hasProperty[index] { having += weight }
            }
            return total > 0 ? Double(having) / Double(total) : nil
        }
        guard let value = figure.value, value == 0 || value == 1 else { return figure }
        let groupCount = Set(counts.indices.filter { counts[$0] }.map { groups[$0] }).count
        let exact = Proportion(successCount: value == 0 ? 0 : groupCount, count: groupCount)
        return Figure(
            value: value, interval: exact.clopperPearson(confidence: bootstrap.confidence),
            method: .clopperPearson)
    }
}
