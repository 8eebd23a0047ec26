import Foundation

extension Calibration {
    /// The first schema: one risk and one prediction-set rule for all outcomes.
    public static let schemaName = "regrade.calibration/1"
    /// The second schema: both by outcome, and what was refused.
    public static let perOutcomeSchemaName = "regrade.calibration/2"

    /// Severity probabilities without scaling: what the network says.
    ///
    /// - Parameter logits: The three continuation-ratio logits.
    /// - Precondition: `logits.count == 3`.
    public static func rawSeverity(logits: [Float]) -> SeverityProbabilities {
        severity(logits: logits, temperatures: [1, 1, 1])
    }

    /// Calibrated severity probabilities.
    ///
    /// - Parameter logits: The three continuation-ratio logits.
    /// - Precondition: `logits.count == 3`.
    public func calibratedSeverity(logits: [Float]) -> SeverityProbabilities {
        Self.severity(logits: logits, temperatures: severity.temperatures)
    }

    /// The calibrated probability of a damage type from its logit, 0…1.
    public func typeProbability(logit: Float) -> Double {
        logistic(Double(logit) / types.temperature)
    }

    /// The probability from which a damage type is reported, 0…1.
    public func typeThreshold(_ type: DamageType) -> Double {
        types.thresholds[type.rawValue] ?? 1
    }

    /// The share of held-back photos that are more alike than this distance says, 0…1.
    ///
    /// Linear between the stored quantiles; 0 before the first and 1 after the last.
    public func noveltyShare(distance: Double) -> Double {
        let points = novelty.quantiles
        guard let first = points.first, let last = points.last, distance.isFinite else { return 1 }
        if distance <= first[0] { return first[1] }
        if distance > last[0] { return 1 }
        for (lower, upper) in zip(points, points.dropFirst()) where distance <= upper[0] {
            let span = upper[0] - lower[0]
            let position = span > 0 ? (distance - lower[0]) / span : 1
            return lower[1] + position * (upper[1] - lower[1])
        }
        return 1
    }

    /// Everything that is wrong with the values; empty for a usable calibration.
    public func problems() -> [String] {
        var problems: [String] = []
        func check(_ isRight: Bool, _ message: String) {
            if !isRight { problems.append(message) }
        }
        check(
            schema == Self.schemaName || schema == Self.perOutcomeSchemaName,
            "schema is '\(schema)', expected '\(Self.schemaName)' or "
                + "'\(Self.perOutcomeSchemaName)'")
        check(severity.method == "temperature", "severity.method is '\(severity.method)'")
        check(
            severity.temperatures.count == 3
                && severity.temperatures.allSatisfy { $0 > 0 && $0.isFinite },
            "severity.temperatures is \(severity.temperatures), expected three above 0")
        check(types.temperature > 0, "types.temperature is \(types.temperature), expected above 0")
        for type in DamageType.allCases {
            check(
                types.thresholds[type.rawValue].map { (0...1).contains($0) } ?? false,
                "types.thresholds has no probability for '\(type.rawValue)'")
        }
        check(types.thresholds.count == DamageType.allCases.count, "types.thresholds has others")
        check((0...1).contains(risk.errorRate), "risk.error_rate is \(risk.errorRate)")
        check((0...1).contains(risk.confidence), "risk.confidence is \(risk.confidence)")
        if let category {
            check(
                (0..<1).contains(category.minimumProbability),
                "category.minimum_probability is \(category.minimumProbability)")
            check(
                (0...1).contains(category.flaggedShare),
                "category.flagged_share is \(category.flaggedShare)")
        }
        check((0...1).contains(reviewThreshold), "review_threshold is \(reviewThreshold)")
        problems += promiseProblems() + noveltyProblems() + automatedProblems()
        return problems
    }

    /// What is wrong with the risk by outcome and the prediction sets; each schema has its form.
    private func promiseProblems() -> [String] {
        var problems: [String] = []
        if schema == Self.schemaName,
            risk.byOutcome != nil || risk.statementCount != nil || refused != nil
                || predictionSet.method == PredictionSetRule.classConditional
        {
            problems.append("members by outcome need the schema '\(Self.perOutcomeSchemaName)'")
        }
        for (word, rate) in (risk.byOutcome ?? [:]).sorted(by: { $0.key < $1.key })
        where !(0...risk.errorRate).contains(rate) || Outcome(rawValue: word)?.isFinal != true {
            problems.append(
                "risk.by_outcome.\(word) is \(rate), expected a final outcome and at most "
                    + "risk.error_rate")
        }
        switch predictionSet.method {
        case "lac":
            if !(predictionSet.minimumProbability.map { (0...1).contains($0) } ?? false) {
                problems.append(
                    "prediction_set.minimum_probability is "
                        + "\(predictionSet.minimumProbability.map { "\($0)" } ?? "missing")")
            }
        case PredictionSetRule.classConditional:
            for outcome in Outcome.final {
                let least = predictionSet.minimumProbabilities?[outcome.rawValue]
                if !(least.map { (0...1).contains($0) } ?? false) {
                    problems.append(
                        "prediction_set.minimum_probabilities has no probability for "
                            + "'\(outcome.rawValue)'")
                }
            }
        default: problems.append("prediction_set.method is '\(predictionSet.method)'")
        }
        return problems
    }

    private func noveltyProblems() -> [String] {
        let points = novelty.quantiles
        guard points.count >= 2, points.allSatisfy({ $0.count == 2 }) else {
            return ["novelty.quantiles needs at least two pairs of distance and share"]
        }
        for (lower, upper) in zip(points, points.dropFirst())
        where !(lower[0] <= upper[0] && lower[1] <= upper[1]) {
            return ["novelty.quantiles descends from \(lower) to \(upper)"]
        }
        guard (0...1).contains(novelty.threshold) else {
            return ["novelty.threshold is \(novelty.threshold), expected 0…1"]
        }
        return []
    }

    private func automatedProblems() -> [String] {
        automated.flatMap { entry in
            entry.outcomes.compactMap { word, admitted -> String? in
                let place = "automated \(entry.category).\(word)"
                guard let outcome = Outcome(rawValue: word), outcome.isFinal else {
                    return "\(place) is no final outcome"
                }
                guard (0...1).contains(admitted.threshold) else {
                    return "\(place).threshold is \(admitted.threshold), expected 0…1"
                }
                let accepted = risk.errorRate(of: word)
                guard admitted.errorUpperBound <= accepted else {
                    return "\(place).error_upper_bound is \(admitted.errorUpperBound), "
                        + "more than risk.error_rate \(accepted)"
                }
                return nil
            }
        }
    }

    private static func severity(
        logits: [Float], temperatures: [Double]
    ) -> SeverityProbabilities {
        precondition(logits.count == 3, "a continuation-ratio head has 3 logits")
        let shares = zip(logits, temperatures).map { logistic(Double($0) / $1) }
        return SeverityProbabilities(
            damaged: shares[0], moderateOrWorse: shares[1], severe: shares[2])
    }
}

private func logistic(_ logit: Double) -> Double {
    1 / (1 + exp(-logit))
}
