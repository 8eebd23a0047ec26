import DecisionPolicy
import ReturnsDomain

extension PolicyFileReader {
    func readTexts(from node: PolicyFileNode) -> [String: LanguageTexts] {
        var texts: [String: LanguageTexts] = [:]
        for (language, value) in node.entries() ?? [] {
            if !isLanguageTag(language) {
                value.report("has a name other than a lower-case language tag such as en or pt-br")
            }
            texts[language] = readLanguageTexts(from: value)
        }
        if texts[Policy.fallbackLanguage] == nil {
            node.report("needs the language '\(Policy.fallbackLanguage)', to fall back on")
        }
        return texts
    }

    private func readLanguageTexts(from node: PolicyFileNode) -> LanguageTexts {
        let members = node.members(
            required: ["customer", "reviewer", "notice", "words", "reasons"])
        let words = members["words"]?.members(required: ["outcome", "severity", "remedy"]) ?? [:]
        let outcomes = Outcome.allCases.map { ($0.rawValue, $0) }
        return LanguageTexts(
            customer: readOneEach(from: members["customer"], for: outcomes),
            reviewer: members["reviewer"].flatMap(readTemplate(from:)) ?? "",
            notices: readOneEach(from: members["notice"], for: outcomes),
            outcomeWords: readOneEach(from: words["outcome"], for: outcomes),
            severityWords: readOneEach(
                from: words["severity"], for: Severity.allCases.map { ($0.name, $0) }),
            remedyWords: readOneEach(
                from: words["remedy"], for: Remedy.allCases.map { ($0.rawValue, $0) }),
            reasons: readReasons(from: members["reasons"]))
    }

    /// One text for every value of a closed list.
    private func readOneEach<Value>(
        from node: PolicyFileNode?, for values: [(word: String, value: Value)]
    ) -> [Value: String] {
        let members = node?.members(required: values.map(\.word)) ?? [:]
        return values.reduce(into: [:]) { $0[$1.value] = members[$1.word]?.text() }
    }

    private func readReasons(from node: PolicyFileNode?) -> [ReasonCode: ReasonText] {
        let members = node?.members(required: ReasonCode.allCases.map(\.rawValue)) ?? [:]
        var reasons: [ReasonCode: ReasonText] = [:]
        for code in ReasonCode.allCases {
            guard let reason = members[code.rawValue] else { continue }
            let texts = reason.members(required: ["customer", "reviewer"])
            guard let customer = texts["customer"]?.text(), let reviewer = texts["reviewer"]?.text()
            else { continue }
            reasons[code] = ReasonText(customer: customer, reviewer: reviewer)
        }
        return reasons
    }

    /// A reviewer's text whose placeholders are all known.
    private func readTemplate(from node: PolicyFileNode) -> String? {
        guard let text = node.text() else { return nil }
        let known = ReviewerPlaceholder.allCases.map { "{\($0.rawValue)}" }
        var rest = text
        for placeholder in known {
            rest = rest.split(separator: placeholder).joined(separator: " ")
        }
        guard !rest.contains("{"), !rest.contains("}") else {
            node.report("has a placeholder other than \(known.joined(separator: ", "))")
            return nil
        }
        return text
    }

    private func isLanguageTag(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return (2...3).contains(parts[0].utf8.count)
            && parts.allSatisfy { isName(String($0)) && !$0.contains("_") }
    }
}
