import DecisionPolicy
import ReturnsDomain
import Statistics

/// What the new temperatures make of one photo, and whether it is right.
struct CalibratedCase {
    let category: String?
    let outcome: Outcome
    let confidence: Double
    /// In the order of ``Outcome/final``.
    let probabilities: [Double]
    let isRight: Bool?
    let trueOutcome: Outcome?

    init(_ photo: JudgedPhoto, temperatures: [Double], policy: Policy, base: Calibration) {
        let category = policy.categoryName(for: photo.label.category)
        let outcomes = policy.rule(category: category, region: nil, value: nil).outcomes
        let recommendation = Recommendation(
            severity: photo.severity(temperatures: temperatures), outcomes: outcomes,
            setRule: base.predictionSet)
        self.category = category
        outcome = recommendation.outcome
        confidence = recommendation.confidence
        probabilities = recommendation.probabilities
        isRight = photo.label.isRight(recommendation.outcome, under: outcomes)
        trueOutcome = photo.label.trueOutcome(under: outcomes)
    }
}

extension CalibrationFit {
    /// Tests every cell that has enough cases for its statement.
    ///
    /// The statements share what the confidence leaves (Bonferroni), so that all of them hold
    /// together. How many there are follows from how many cases there are, never from errors: as
    /// many as possible, the best supplied first.
    static func cells(
        _ planning: [CalibratedCase], _ testing: [CalibratedCase], _ request: CalibrationRequest
    ) -> (cells: [CalibrationCell], statementCount: Int) {
        let all = cases(planning, testing, request)
        let significance = 1 - request.confidence
        /// How well a cell is supplied for one of so many statements; 1 is just enough.
        func supply(_ cell: CellCases, _ statementCount: Int) -> Double {
            let needed = cell.neededCount(significance: significance / Double(statementCount))
            return Double(cell.testing.confidences.count) / Double(needed)
        }
        let statementCount =
            (1...max(1, all.count)).last { count in
                all.count { supply($0, count) >= 1 } >= count
            } ?? 1
        let stated = all.indices.filter { supply(all[$0], statementCount) >= 1 }
            .sorted { supply(all[$0], statementCount) > supply(all[$1], statementCount) }
            .prefix(statementCount)
        let cells = all.indices.map { index in
            all[index].tested(
                significance: significance / Double(statementCount),
                isStated: stated.contains(index))
        }
        return (cells, statementCount)
    }

    private static func cases(
        _ planning: [CalibratedCase], _ testing: [CalibratedCase], _ request: CalibrationRequest
    ) -> [CellCases] {
        let categories = Set((planning + testing).compactMap(\.category)).sorted()
        return categories.flatMap { category in
            Outcome.final.compactMap { outcome -> CellCases? in
                guard let risk = request.risks[outcome] else { return nil }
                func chosen(_ cases: [CalibratedCase]) -> ([Double], [Bool]) {
                    let here = cases.filter {
                        $0.category == category && $0.outcome == outcome && $0.isRight != nil
                    }
                    return (here.map(\.confidence), here.map { $0.isRight == false })
                }
                return CellCases(
                    category: category, outcome: outcome, risk: risk, planning: chosen(planning),
                    testing: chosen(testing))
            }
        }
    }

    static func automated(_ cells: [CalibrationCell]) -> [Calibration.AutomatedCategory] {
        Dictionary(grouping: cells.filter { $0.admitted != nil }, by: \.category)
            .sorted { $0.key < $1.key }
            .map { category, cells in
                let outcomes = cells.compactMap { cell in
                    cell.admitted.map { step in
                        (
                            cell.outcome.rawValue,
                            Calibration.AdmittedOutcome(
                                threshold: step.threshold, n: step.errors.count,
                                errors: step.errors.successCount,
                                errorUpperBound: min(step.upperBound, cell.risk),
                                coverage: (cell.coverage * 1e6).rounded() / 1e6)
                        )
                    }
                }
                return Calibration.AutomatedCategory(
                    category: category, outcomes: Dictionary(uniqueKeysWithValues: outcomes))
            }
    }

    static func refused(_ cells: [CalibrationCell]) -> [Calibration.RefusedOutcome] {
        cells.filter { $0.admitted == nil }.map {
            Calibration.RefusedOutcome(
                category: $0.category, outcome: $0.outcome.rawValue, n: $0.n,
                missing: $0.missingCount)
        }
    }

    /// Class-conditional sets; an outcome with too few cases takes the threshold of all together.
    static func predictionSets(
        _ testing: [CalibratedCase], coverage: Double, _ notes: inout [String]
    ) -> Calibration.PredictionSetRule {
        func probabilities(of outcomes: [Outcome]) -> [Double] {
            testing.compactMap { answer in
                guard let truth = answer.trueOutcome, outcomes.contains(truth) else { return nil }
                return Outcome.final.firstIndex(of: truth).map { answer.probabilities[$0] }
            }
        }
        func least(_ probabilities: [Double]) -> Double {
            let found = ConformalThreshold.leastProbability(
                truthProbabilities: probabilities, coverage: coverage)
            // Down, so that rounding excludes nothing that was counted as held.
            return max(0, (found * 1e6).rounded(.down) / 1e6)
        }
        let marginal = least(probabilities(of: Outcome.final))
        let needed = ConformalThreshold.leastCaseCount(coverage: coverage)
        var thresholds: [String: Double] = [:]
        var counts: [String: Int] = [:]
        for outcome in Outcome.final {
            let own = probabilities(of: [outcome])
            counts[outcome.rawValue] = own.count
            thresholds[outcome.rawValue] = own.count >= needed ? least(own) : marginal
            if own.count < needed {
                notes.append(
                    "prediction sets promise nothing about \(outcome.rawValue) by itself: "
                        + "\(own.count) cases, needed are \(needed)")
            }
        }
        return Calibration.PredictionSetRule(
            minimumProbabilities: thresholds, coverage: coverage, counts: counts)
    }
}
