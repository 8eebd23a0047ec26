import DecisionPolicy
import ReturnsDomain

extension PolicyFileReader {
    /// How long what is kept stays, per region.
    func readRetention(
        from node: PolicyFileNode, _ vocabulary: Vocabulary
    ) -> RetentionSchedule? {
        let members = node.members(required: ["default"], optional: ["regions"])
        let rules = (members["regions"]?.elements() ?? []).compactMap { element in
            readRetentionRule(from: element, vocabulary)
        }
        guard
            let others = members["default"].flatMap({
                readPeriods($0, $0.members(required: Self.periodNames))
            })
        else { return nil }
        return RetentionSchedule(rules: rules, others: others)
    }

    private static let periodNames = ["photos_days", "texts_days", "cases_days"]

    private func readRetentionRule(
        from node: PolicyFileNode, _ vocabulary: Vocabulary
    ) -> RetentionSchedule.Rule? {
        let members = node.members(required: ["regions"] + Self.periodNames)
        guard let regions = members["regions"].map({ readRegions(from: $0, vocabulary) }),
            let periods = readPeriods(node, members)
        else { return nil }
        return RetentionSchedule.Rule(regions: regions, periods: periods)
    }

    private func readPeriods(
        _ node: PolicyFileNode, _ members: [String: PolicyFileNode]
    ) -> RetentionPeriods? {
        let days = Self.periodNames.compactMap { members[$0]?.integer(in: 1...36_500) }
        guard days.count == Self.periodNames.count else { return nil }
        guard days[0] <= days[2], days[1] <= days[2] else {
            node.report("keeps photos or texts for longer than their case")
            return nil
        }
        return RetentionPeriods(photos: days[0], texts: days[1], cases: days[2])
    }
}
