import DecisionPolicy
import ReturnsDomain

extension PolicyFileReader {
    func readTexts(from node: PolicyFileNode) -> [String: LanguageTexts] {
        var texts: [String: LanguageTexts] = [:]
        for (language, value) in node.entries() ?? [] {
            if !isLanguageTag(language) {
                value.report("has a name other than a lower-case language tag such as en or pt-br")
            }
            texts[language] = readLanguageTexts(from: value, language: language)
        }
        if texts[Policy.fallbackLanguage] == nil {
            node.report("needs the language '\(Policy.fallbackLanguage)', to fall back on")
        }
        return texts
    }

    private func readLanguageTexts(
        from node: PolicyFileNode, language: String
    ) -> LanguageTexts {
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
            reasons: readReasons(from: members["reasons"], language: language))
    }

    /// One text for every value of a closed list.
    private func readOneEach<Value>(
        from node: PolicyFileNode?, for values: [(word: String, value: Value)]
    ) -> [Value: String] {
        let members = node?.members(required: values.map(\.word)) ?? [:]
        return values.reduce(into: [:]) { $0[$1.value] = members[$1.word]?.text() }
    }

    /// The texts of all reasons.
    ///
    /// The list of reasons grows: a file from before a code came says nothing of it, and then the
    /// shipped policy's text stands, in its English where it has not the language.
    private func readReasons(
        from node: PolicyFileNode?, language: String
    ) -> [ReasonCode: ReasonText] {
        let codes = ReasonCode.allCases.map(\.rawValue)
        let members =
            node?.members(
                required: fillsReasons ? [] : codes, optional: fillsReasons ? codes : []) ?? [:]
        var reasons: [ReasonCode: ReasonText] = [:]
        if fillsReasons && members.count < codes.count {
            let shipped = Self.shippedReasons
            reasons = shipped[language] ?? shipped[Policy.fallbackLanguage] ?? [:]
        }
        for code in ReasonCode.allCases {
            guard let reason = members[code.rawValue] else { continue }
            let texts = reason.members(required: ["customer", "reviewer"])
            guard let customer = texts["customer"]?.text(), let reviewer = texts["reviewer"]?.text()
            else { continue }
            reasons[code] = ReasonText(customer: customer, reviewer: reviewer)
        }
        return reasons
    }

    /// The shipped policy's texts by language.
    private static let shippedReasons: [String: [ReasonCode: ReasonText]] = {
        let shipped = try? LoadedPolicy(bytes: LoadedPolicy.shippedBytes, fillsReasons: false)
        return shipped?.policy.texts.mapValues(\.reasons) ?? [:]
    }()

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
