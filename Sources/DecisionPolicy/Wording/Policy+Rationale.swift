public import ReturnsDomain

extension Policy {
    /// The language of the policy that serves a reader best.
    ///
    /// - Parameter locale: A BCP 47 tag such as `de-AT`; its language is looked up without the
    ///   rest.
    /// - Returns: A language that ``texts`` holds; ``fallbackLanguage`` if there is no better one.
    public func language(for locale: String) -> String {
        let tag = locale.lowercased()
        let language = String(tag.prefix { $0 != "-" && $0 != "_" })
        return [tag, language].first { texts[$0] != nil } ?? Self.fallbackLanguage
    }

    /// A decision in words.
    ///
    /// The customer reads what happens and at most two reasons, and nothing internal: no figure, no
    /// rule, and under `human_review` nothing of what the machine would have done. The reviewer
    /// reads everything.
    ///
    /// - Parameters:
    ///   - decision: What this policy decided.
    ///   - locale: A BCP 47 tag; see ``language(for:)``.
    public func rationale(for decision: Decision, locale: String) -> Rationale {
        let language = language(for: locale)
        guard let texts = texts[language] else {
            preconditionFailure("policy \(id) lost its texts in \(language)")
        }
        return Rationale(
            locale: language, customer: customerText(for: decision, texts),
            reviewer: reviewerText(for: decision, texts, language: language))
    }

    /// What the customer is told about the part that automation had.
    ///
    /// - Parameters:
    ///   - outcome: What happens now.
    ///   - locale: A BCP 47 tag; see ``language(for:)``.
    public func automationNotice(for outcome: Outcome, locale: String) -> String {
        texts[language(for: locale)]?.notices[outcome] ?? ""
    }

    private func customerText(for decision: Decision, _ texts: LanguageTexts) -> String {
        let codes = decision.reasons.map(\.code)
        let told = decision.outcome == .humanReview ? codes.filter { !$0.saysWhatIsVisible } : codes
        let sentences = told.compactMap { texts.reasons[$0]?.customer }
        return ([texts.customer[decision.outcome] ?? ""] + distinct(sentences).prefix(2))
            .joined(separator: " ")
    }

    private func reviewerText(
        for decision: Decision, _ texts: LanguageTexts, language: String
    ) -> String {
        func word(_ outcome: Outcome) -> String {
            texts.outcomeWords[outcome] ?? outcome.rawValue
        }
        let ruleText = rules.first { $0.id == decision.rule }?.text[language] ?? ""
        let reasons = decision.reasons.map { reason in
            let text = texts.reasons[reason.code]?.reviewer ?? reason.code.rawValue
            return reason.code.saysWhatIsVisible ? "\(text) (\(percent(reason.weight)) %)" : text
        }
        return filled(texts.reviewer) { placeholder in
            switch placeholder {
            case .outcome: word(decision.outcome)
            case .recommended: word(decision.recommended)
            case .remedy: texts.remedyWords[decision.remedy] ?? decision.remedy.rawValue
            case .severity: texts.severityWords[decision.severity] ?? decision.severity.name
            case .confidence: percent(decision.confidence)
            case .candidates: decision.predictionSet.map(word).joined(separator: ", ")
            case .rule: decision.rule
            case .ruleText: ruleText
            case .reasons: reasons.joined(separator: "; ")
            }
        }
    }
}

/// Whole percent, rounded down, so that 99.9 % is never shown as certain.
private func percent(_ probability: Double) -> String {
    "\(Int(min(max(probability, 0), 1) * 100))"
}

/// Each sentence once, in the order of its first appearance.
private func distinct(_ sentences: [String]) -> [String] {
    var seen: Set<String> = []
    return sentences.filter { seen.insert($0).inserted }
}

/// Replaces each `{name}` of a template in one pass, so that a text put in is not searched again.
private func filled(_ template: String, _ text: (ReviewerPlaceholder) -> String) -> String {
    var result = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
        result += rest[..<open]
        let name = String(rest[rest.index(after: open)..<close])
        result += ReviewerPlaceholder(rawValue: name).map(text) ?? String(rest[open...close])
        rest = rest[rest.index(after: close)...]
    }
    return result + rest
}
