package import DecisionPolicy
import Foundation
public import ReturnsDomain
import Statistics

/// A calibration fitted anew on labelled photos; pure, see `docs/calibration.md` for the method.
public struct CalibrationFit: Sendable {
    /// The new calibration, of schema `regrade.calibration/2`.
    public let calibration: Calibration
    /// What was tested, by category and outcome.
    public let cells: [CalibrationCell]
    /// What the operator should know: what was left out, taken over or not fitted.
    public let notes: [String]
    /// Cases that planned, and cases that tested.
    public let counts: (planning: Int, testing: Int)

    /// The fewest cases, and the fewest of each answer, from which a temperature is fitted.
    private static let leastCaseCount = 20
    private static let leastClassCount = 5
    /// The fewest cases from which the 99th percentile of the novelty is read.
    private static let leastNoveltyCount = 100
    private static let noveltyShares = [
        0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 1,
    ]

    /// Fits a calibration.
    ///
    /// - Parameters:
    ///   - photos: What was judged, by the model that `base` belongs to.
    ///   - base: Gives the model, the types and whatever cannot be fitted.
    ///   - policy: Gives the outcome of each severity.
    ///   - request: What is asked.
    ///   - moment: When it is fitted.
    /// - Throws: ``Failure`` of kind `badInput` if no usable photo is left.
    package init(
        _ photos: [JudgedPhoto], base: Calibration, policy: Policy, request: CalibrationRequest,
        at moment: Timestamp
    ) throws {
        let cases = CalibrationCases(photos)
        guard !cases.planning.isEmpty, !cases.testing.isEmpty else {
            throw Failure(
                .badInput, code: "too_few_labels",
                "\(cases.all.count) usable groups of photos are too few to calibrate with: "
                    + "\(cases.trainingCount) photos are training photos, \(cases.unfitCount) are "
                    + "unfit for judging")
        }
        var notes = Self.notes(on: cases, photos: photos)
        let (temperatures, temperatureNotes) = Self.temperatures(cases.planning, base)
        notes += temperatureNotes
        func answers(_ photos: [JudgedPhoto]) -> [CalibratedCase] {
            photos.map {
                CalibratedCase($0, temperatures: temperatures, policy: policy, base: base)
            }
        }
        let planning = answers(cases.planning)
        let testing = answers(cases.testing)
        let (cells, statementCount) = Self.cells(planning, testing, request)
        let sets = Self.predictionSets(testing, coverage: request.coverage, &notes)
        let quantiles = Self.noveltyQuantiles(cases.all, base, &notes)
        let reviewThreshold = Self.reviewThreshold(planning, testing, base, request)
        let known = testing.filter { $0.trueOutcome != nil }
        self.calibration = Self.named(
            base.refitted(
                id: "", at: moment, temperatures: temperatures,
                risk: Self.statedRisk(request, statementCount), predictionSet: sets,
                noveltyQuantiles: quantiles, automated: Self.automated(cells),
                refused: Self.refused(cells), reviewThreshold: reviewThreshold,
                n: cases.all.count, metrics: Self.metrics(known)), at: moment)
        self.cells = cells
        self.notes = notes
        counts = (cases.planning.count, cases.testing.count)
    }

    private static func notes(on cases: CalibrationCases, photos: [JudgedPhoto]) -> [String] {
        var notes: [String] = []
        if cases.trainingCount > 0 {
            notes.append(
                "\(cases.trainingCount) photos are training photos or share a group with one; they "
                    + "are left out, since a model is surer of what it has learned")
        } else if !photos.contains(where: { $0.label.split != nil }) {
            notes.append(
                "the labels have no column split; make sure that the model has not learned from "
                    + "these photos, or every promise here is void")
        }
        if cases.unfitCount > 0 {
            notes.append("\(cases.unfitCount) photos are unfit for judging and left out")
        }
        if cases.siblingCount > 0 {
            notes.append("\(cases.siblingCount) photos are left out: one a group counts")
        }
        return notes
    }

    /// One temperature a logit, each fitted where its condition holds and its answer is known.
    private static func temperatures(
        _ photos: [JudgedPhoto], _ base: Calibration
    ) -> (temperatures: [Double], notes: [String]) {
        let questions: [(name: String, answer: (LabelledPhoto) -> Bool?)] = [
            ("damaged or intact", { $0.isDamaged }),
            (
                "moderate or worse",
                { label in label.severity.flatMap { $0 >= .minor ? $0 >= .moderate : nil } }
            ),
            (
                "severe",
                { label in label.severity.flatMap { $0 >= .moderate ? $0 >= .severe : nil } }
            ),
        ]
        var notes: [String] = []
        let temperatures = questions.enumerated().map { index, question in
            let known = photos.filter { question.answer($0.label) != nil }
            let isTrue = known.map { question.answer($0.label) == true }
            let fewest = min(isTrue.count { $0 }, isTrue.count { !$0 })
            let kept = base.severity.temperatures[index]
            guard known.count >= leastCaseCount, fewest >= leastClassCount else {
                notes.append(
                    "the temperature of '\(question.name)' is taken over: \(known.count) cases, "
                        + "\(fewest) of the rarer answer, needed are \(leastCaseCount) and "
                        + "\(leastClassCount)")
                return kept
            }
            let fit = TemperatureFit(
                logits: known.map { $0.severityLogits[index] }, isTrue: isTrue)
            switch fit {
            case .fitted(let temperature): return (temperature * 1e6).rounded() / 1e6
            case .undetermined(let reason):
                notes.append(
                    "the temperature of '\(question.name)' is taken over: no temperature is best "
                        + "(\(reason.rawValue))")
                return kept
            }
        }
        return (temperatures, notes)
    }

    private static func statedRisk(
        _ request: CalibrationRequest, _ statementCount: Int
    ) -> Calibration.StatedRisk {
        Calibration.StatedRisk(
            errorRate: request.risks.values.max() ?? 0, confidence: request.confidence,
            byOutcome: Dictionary(
                uniqueKeysWithValues: request.risks.map { ($0.key.rawValue, $0.value) }),
            statementCount: statementCount)
    }

    private static func noveltyQuantiles(
        _ photos: [JudgedPhoto], _ base: Calibration, _ notes: inout [String]
    ) -> [[Double]] {
        guard photos.count >= leastNoveltyCount else {
            notes.append(
                "the novelty quantiles are taken over: \(photos.count) groups, needed are "
                    + "\(leastNoveltyCount)")
            return base.novelty.quantiles
        }
        let sorted = photos.map(\.noveltyDistance).sorted()
        return noveltyShares.map { [quantile($0, ofSorted: sorted), $0] }
    }

    /// From where on recommendations of all kinds together are right often enough to be of help.
    private static func reviewThreshold(
        _ planning: [CalibratedCase], _ testing: [CalibratedCase], _ base: Calibration,
        _ request: CalibrationRequest
    ) -> Double {
        let limit = RiskLimit(
            errorRate: 1 - request.coverage, significance: 1 - request.confidence)
        let plan = planning.filter { $0.isRight != nil }
        let test = testing.filter { $0.isRight != nil }
        let thresholds = ThresholdPlan(
            confidences: plan.map(\.confidence), isWrong: plan.map { $0.isRight == false },
            testCount: test.count, limit: limit
        ).thresholds
        let tested = ThresholdTest(
            thresholds: thresholds, confidences: test.map(\.confidence),
            isWrong: test.map { $0.isRight == false }, limit: limit)
        return tested.admitted?.threshold ?? base.reviewThreshold
    }

    private static func metrics(_ known: [CalibratedCase]) -> [String: Double] {
        let truths = known.map { answer in
            Outcome.final.firstIndex { $0 == answer.trueOutcome } ?? 0
        }
        let shares = known.map(\.probabilities)
        let figures = [
            "ece": Reliability(
                confidences: known.map(\.confidence), isRight: known.map { $0.isRight == true }
            ).expectedCalibrationError,
            "brier": ProperScore.brier(shares, truths: truths),
            "nll": ProperScore.logLoss(shares, truths: truths),
        ]
        return figures.compactMapValues { $0.map { ($0 * 1e6).rounded() / 1e6 } }
    }

    /// The calibration with an id made of the day and of everything it says.
    private static func named(_ calibration: Calibration, at moment: Timestamp) -> Calibration {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Encoding numbers and words cannot fail; were it to, the id would be that of no content.
        let content = (try? encoder.encode(calibration)) ?? Data()
        let hash = Digest.contentHash(of: Array(content)).description.prefix(8)
        let model = calibration.model
        return calibration.withID("\(model.name)-\(model.version)-cal-\(hash)")
    }
}
