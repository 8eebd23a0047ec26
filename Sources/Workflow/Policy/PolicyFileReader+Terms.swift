import DecisionPolicy
import ReturnsDomain

extension PolicyFileReader {
    func readCategories(from node: PolicyFileNode) -> [PolicyCategory] {
        var taken: Set<String> = []
        func fresh(_ node: PolicyFileNode?) -> String? {
            guard let node, let name = node.name() else { return nil }
            if !taken.insert(name).inserted { node.report("is '\(name)', which is already used") }
            return name
        }
        let categories = (node.elements() ?? []).compactMap { element -> PolicyCategory? in
            let members = element.members(required: ["name"], optional: ["aliases"])
            let aliases = (members["aliases"]?.elements() ?? []).compactMap { fresh($0) }
            return fresh(members["name"]).map { PolicyCategory(name: $0, aliases: aliases) }
        }
        return categories
    }

    func readRegionGroups(from node: PolicyFileNode) -> [String: Set<String>] {
        var taken: Set<String> = []
        var groups: [String: Set<String>] = [:]
        for (name, group) in node.entries() ?? [] {
            if !isName(name) { group.report("has a name other than a-z, 0-9 and _") }
            var codes: Set<String> = []
            for element in group.elements() ?? [] {
                guard let code = element.text() else { continue }
                if !isCapitalLetters(code, count: 2) {
                    element.report("is '\(code)', expected two capital letters (ISO 3166-1)")
                } else if !taken.insert(code).inserted {
                    element.report("is '\(code)', which a group already holds")
                } else {
                    codes.insert(code)
                }
            }
            groups[name] = codes
        }
        return groups
    }

    func readCurrencies(from node: PolicyFileNode) -> [String: PolicyCurrency] {
        var currencies: [String: PolicyCurrency] = [:]
        for (code, currency) in node.entries() ?? [] {
            if !isCapitalLetters(code, count: 3) {
                currency.report("has a name other than three capital letters (ISO 4217)")
            }
            let members = currency.members(required: ["minor_digits", "high_value"])
            guard let digits = members["minor_digits"]?.integer(in: 0...4),
                let highValue = members["high_value"]?.integer(in: amountRange)
            else { continue }
            currencies[code] = PolicyCurrency(minorDigits: digits, highValue: highValue)
        }
        return currencies
    }

    func readAutomaticReject(
        from node: PolicyFileNode, _ vocabulary: Vocabulary
    ) -> AutomaticRejectTerms? {
        let members = node.members(required: ["forbidden_in", "minimum_confidence"])
        let forbidden = members["forbidden_in"].map { readRegions(from: $0, vocabulary) }
        guard let forbidden, let confidence = members["minimum_confidence"]?.number(in: 0...1)
        else { return nil }
        return AutomaticRejectTerms(forbiddenRegions: forbidden, minimumConfidence: confidence)
    }

    func readAlwaysHuman(from node: PolicyFileNode) -> AlwaysHumanTerms? {
        let members = node.members(required: ["unknown_value", "novelty", "visible_damage"])
        let unknownValue = members["unknown_value"]?.flag()
        let novelty = members["novelty"]?.number(in: 0...1)
        let visibleDamage = members["visible_damage"]?.number(in: 0...1)
        guard let unknownValue, let novelty, let visibleDamage else { return nil }
        return AlwaysHumanTerms(
            unknownValue: unknownValue, novelty: novelty, visibleDamage: visibleDamage)
    }

    func readComparison(from node: PolicyFileNode) -> ComparisonTerms? {
        let members = node.members(required: ["use", "level"])
        let mayDecide = members["use"]?.word(of: [("look_only", false), ("may_decide", true)])
        let level = members["level"]?.number(in: ComparisonTerms.levelLimit...0.5)
        guard let mayDecide, let level else { return nil }
        return ComparisonTerms(level: level, mayDecide: mayDecide)
    }

    func readRetake(from node: PolicyFileNode) -> RetakeTerms? {
        node.members(required: ["when"])["when"]?
            .word(of: RetakeTerms.allCases.map { ($0.rawValue, $0) })
    }

    func readReview(from node: PolicyFileNode, _ vocabulary: Vocabulary) -> ReviewTerms? {
        let members = node.members(
            required: ["due_hours", "default_value", "uncertainty_floor"],
            optional: ["currency", "ageing_hours", "audit_sample", "sample_seed", "gold_share"])
        let currency = members["currency"]?.word(
            of: vocabulary.currencies.sorted().map { ($0, $0) })
        let ageing = members["ageing_hours"].map { $0.integer(in: 0...8760) } ?? 24
        // A year: longer is a mistake of units.
        let hours = members["due_hours"]?.integer(in: 1...8760)
        let value = members["default_value"]?.number(in: 0...1_000_000_000)
        let floor = members["uncertainty_floor"]?.number(in: 0...1)
        let gold = members["gold_share"].map { $0.number(in: 0...1) } ?? 0
        guard let hours, let value, let floor, let ageing, let gold else { return nil }
        return ReviewTerms(
            dueHours: hours, defaultValue: value, uncertaintyFloor: floor, currency: currency,
            ageingHours: ageing,
            auditSample: members["audit_sample"].map(readConfidences(from:)) ?? [:],
            sampleSeed: members["sample_seed"]?.text() ?? "", goldShare: gold)
    }

    /// Amounts in minor units that orders can have.
    var amountRange: ClosedRange<Int> { 0...OrderData.minorUnitsLimit }

    private func isCapitalLetters(_ text: String, count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}
