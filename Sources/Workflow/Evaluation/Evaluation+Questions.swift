import DecisionPolicy
import ReturnsDomain
import Statistics

extension Evaluation.Question {
    /// Damaged or intact.
    static func damaged(_ answers: [PhotoAnswers], _ bootstrap: Bootstrap) -> Self {
        func shares(_ severity: SeverityProbabilities) -> [Double] {
            [severity.none, min(severity.damaged, 1)]
        }
        let known = answers.filter { $0.label.isDamaged != nil }
        return Self(
            name: "damaged", answers: ["intact", "damaged"],
            truths: known.map { $0.label.isDamaged == true ? 1 : 0 },
            raw: known.map { shares($0.raw) }, calibrated: known.map { shares($0.calibrated) },
            figures: GroupedFigures(
                groupNames: known.map(\.label.group), bootstrap: bootstrap))
    }

    /// Resell, refurbish or reject, as the policy derives them from the severity.
    static func outcome(_ answers: [PhotoAnswers], _ bootstrap: Bootstrap) -> Self {
        let known = answers.filter { $0.trueOutcome != nil }
        return Self(
            name: "outcome", answers: Outcome.final.map(\.rawValue),
            truths: known.map { answer in
                Outcome.final.firstIndex { $0 == answer.trueOutcome } ?? 0
            },
            raw: known.map(\.rawRecommendation.probabilities),
            calibrated: known.map(\.recommendation.probabilities),
            figures: GroupedFigures(
                groupNames: known.map(\.label.group), bootstrap: bootstrap))
    }

    private static let coverages = [0.5, 0.7, 0.8, 0.9]
    private static let risks = [0.01, 0.02]
    private static let curvePointCount = 200

    private init(
        name: String, answers: [String], truths: [Int], raw: [[Double]], calibrated: [[Double]],
        figures: GroupedFigures
    ) {
        let best = calibrated.map { Self.best($0) }
        let risk = SelectiveRisk(
            confidences: best.map(\.confidence),
            isWrong: zip(best, truths).map { $0.index != $1 })
        self.init(
            name: name, answers: answers, n: truths.count,
            raw: Self.scores(raw, truths, figures),
            calibrated: Self.scores(calibrated, truths, figures),
            atCoverage: Self.coverages.map { .init(asked: $0, risk.point(atCoverage: $0)) },
            atRisk: Self.risks.map { .init(asked: $0, risk.point(atRisk: $0)) },
            areaUnderRisk: risk.area, excessArea: risk.excessArea,
            curve: Self.thinned(risk.points),
            table: ConfusionTable(
                classCount: answers.count, truths: truths, answers: best.map(\.index)
            ).counts)
    }

    /// The likeliest answer, the first of a tie.
    private static func best(_ shares: [Double]) -> (index: Int, confidence: Double) {
        let index = shares.indices.reduce(0) { shares[$1] > shares[$0] ? $1 : $0 }
        return (index, shares[index])
    }

    private static func scores(
        _ probabilities: [[Double]], _ truths: [Int], _ figures: GroupedFigures
    ) -> Evaluation.Scores {
        let best = probabilities.map { Self.best($0) }
        let confidences = best.map(\.confidence)
        let isRight = zip(best, truths).map { $0.index == $1 }
        return Evaluation.Scores(
            calibrationError: figures.figure { weights in
                let rows = weights.map { weights in
                    weights.indices.flatMap { Array(repeating: $0, count: weights[$0]) }
                }
                return Reliability(
                    confidences: rows?.map { confidences[$0] } ?? confidences,
                    isRight: rows?.map { isRight[$0] } ?? isRight
                ).expectedCalibrationError
            },
            brier: ProperScore.brier(probabilities, truths: truths),
            logLoss: ProperScore.logLoss(probabilities, truths: truths),
            reliability: Reliability(confidences: confidences, isRight: isRight).bins)
    }

    /// Every so-manyth point, and always the last.
    private static func thinned(_ points: [SelectiveRisk.Point]) -> [SelectiveRisk.Point] {
        guard points.count > curvePointCount else { return points }
        return (1...curvePointCount).map { points[points.count * $0 / curvePointCount - 1] }
    }
}

extension Evaluation.Selected {
    fileprivate init(asked: Double, _ point: SelectiveRisk.Point?) {
        self.init(
            asked: asked, point: point,
            interval: point.map {
                Proportion(successCount: $0.errorCount, count: $0.count).clopperPearson()
            })
    }
}
