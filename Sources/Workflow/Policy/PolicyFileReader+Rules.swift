import DecisionPolicy
import ReturnsDomain

extension PolicyFileReader {
    func readRules(from node: PolicyFileNode, _ vocabulary: Vocabulary) -> [PolicyRule] {
        guard let elements = node.elements() else { return [] }
        guard let last = elements.last else {
            node.report("is empty, expected at least one rule")
            return []
        }
        var ids: Set<String> = []
        var rules: [PolicyRule] = []
        for (position, element) in elements.enumerated() {
            guard let rule = readRule(from: element, vocabulary) else { continue }
            if !ids.insert(rule.id).inserted {
                element.report("has the id '\(rule.id)', which another rule has")
            }
            if rule.conditions.matchEverything, position < elements.count - 1 {
                element.report("matches everything, so that the rules after it never apply")
            }
            if !rule.conditions.matchEverything, position == elements.count - 1 {
                last.report("is the last rule and has conditions; end with a rule without 'when'")
            }
            rules.append(rule)
        }
        return rules
    }

    private func readRule(from node: PolicyFileNode, _ vocabulary: Vocabulary) -> PolicyRule? {
        let members = node.members(
            required: ["id", "severity", "remedy", "text"],
            optional: [
                "when", "person_required", "required_views", "minimum_confidence", "second_review",
            ])
        let id = members["id"]?.name()
        let conditions = members["when"].map { readConditions(from: $0, vocabulary) }
        let outcomes = members["severity"].flatMap(readOutcomes(from:))
        let remedies = members["remedy"].flatMap(readRemedies(from:))
        let personRequired = (members["person_required"]?.elements() ?? [])
            .compactMap { $0.word(of: finalOutcomes) }
        let views = (members["required_views"]?.elements() ?? [])
            .compactMap { $0.word(of: PhotoView.allCases.map { ($0.rawValue, $0) }) }
        let confidence = members["minimum_confidence"].map(readConfidences(from:)) ?? [:]
        let secondReview = members["second_review"].flatMap(readSecondReview(from:))
        let text = members["text"].map { readRuleText(from: $0, vocabulary) } ?? [:]
        guard let id, let outcomes, let remedies else { return nil }
        return PolicyRule(
            id: id, conditions: conditions ?? RuleConditions(), outcomes: outcomes,
            remedies: remedies, personRequired: Set(personRequired), requiredViews: Set(views),
            minimumConfidence: confidence, secondReview: secondReview, text: text)
    }

    private func readSecondReview(from node: PolicyFileNode) -> SecondReviewTerms? {
        let members = node.members(required: ["reviewers"], optional: ["outcomes"])
        let outcomes = members["outcomes"].map { list in
            let elements = list.elements() ?? []
            if elements.isEmpty { list.report("names no outcome; leave it out for all of them") }
            return Set(elements.compactMap { $0.word(of: finalOutcomes) })
        }
        return members["reviewers"]?.integer(in: 2...SecondReviewTerms.reviewerCountLimit)
            .map { SecondReviewTerms(reviewers: $0, outcomes: outcomes) }
    }

    private func readConditions(
        from node: PolicyFileNode, _ vocabulary: Vocabulary
    ) -> RuleConditions {
        let members = node.members(required: [], optional: ["categories", "regions", "value"])
        if members.isEmpty { node.report("holds no condition; leave out 'when'") }
        return RuleConditions(
            categories: members["categories"].map { readRuleCategories(from: $0, vocabulary) },
            regions: members["regions"].map { readRegions(from: $0, vocabulary) },
            values: members["value"].map { readRanges(from: $0, vocabulary) })
    }

    private func readRuleCategories(
        from node: PolicyFileNode, _ vocabulary: Vocabulary
    ) -> Set<String> {
        let words = vocabulary.categories.sorted().map { ($0, $0) }
        return Set((node.elements() ?? []).compactMap { $0.word(of: words) })
    }

    private func readRanges(
        from node: PolicyFileNode, _ vocabulary: Vocabulary
    ) -> [String: ValueRange] {
        var ranges: [String: ValueRange] = [:]
        for (currency, range) in node.entries() ?? [] {
            if !vocabulary.currencies.contains(currency) {
                range.report("is no currency of this policy")
            }
            let members = range.members(required: [], optional: ["from", "below"])
            if members.isEmpty { range.report("needs 'from', 'below' or both") }
            let from = members["from"]?.integer(in: amountRange) ?? 0
            let below = members["below"]?.integer(in: amountRange)
            if let below, below <= from {
                range.report("holds no amount: \(from) to below \(below)")
            }
            ranges[currency] = ValueRange(from: from, below: below)
        }
        return ranges
    }

    private func readOutcomes(from node: PolicyFileNode) -> SeverityOutcomes? {
        let members = node.members(required: Severity.allCases.map(\.name))
        let words = Severity.allCases.map { members[$0.name]?.word(of: finalOutcomes) }
        guard let none = words[0], let minor = words[1], let moderate = words[2],
            let severe = words[3]
        else { return nil }
        return SeverityOutcomes(none: none, minor: minor, moderate: moderate, severe: severe)
    }

    private func readRemedies(from node: PolicyFileNode) -> OutcomeRemedies? {
        let members = node.members(required: Outcome.final.map(\.rawValue))
        let known = Remedy.allCases.map { ($0.rawValue, $0) }
        let words = Outcome.final.map { members[$0.rawValue]?.word(of: known) }
        guard let resell = words[0], let refurbish = words[1], let reject = words[2] else {
            return nil
        }
        return OutcomeRemedies(resell: resell, refurbish: refurbish, reject: reject)
    }

    private func readRuleText(
        from node: PolicyFileNode, _ vocabulary: Vocabulary
    ) -> [String: String] {
        node.members(required: vocabulary.languages).compactMapValues { $0.text() }
    }

    private var finalOutcomes: [(word: String, value: Outcome)] {
        Outcome.final.map { ($0.rawValue, $0) }
    }
}
