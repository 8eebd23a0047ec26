package import DecisionPolicy
import Inspection
package import ReturnsDomain
public import Statistics

extension Evaluation {
    /// Computes all figures; pure, no photo is read.
    ///
    /// - Parameters:
    ///   - photos: What was judged, in a fixed order.
    ///   - unreadable: What was not.
    ///   - judge: Gives model, calibration and policy.
    ///   - bootstrap: How intervals are found.
    ///   - mistakeCount: How many mistakes are listed.
    public init(
        _ photos: [JudgedPhoto], unreadable: [UnreadablePhoto], by judge: PhotoJudge,
        bootstrap: Bootstrap, mistakeCount: Int
    ) {
        self.init(
            photos, unreadable: unreadable, model: judge.model.version,
            calibration: judge.model.calibration, policy: judge.policy, bootstrap: bootstrap,
            mistakeCount: mistakeCount)
    }

    package init(
        _ photos: [JudgedPhoto], unreadable: [UnreadablePhoto], model: ModelVersion,
        calibration: Calibration, policy: Policy, bootstrap: Bootstrap, mistakeCount: Int
    ) {
        let answers = photos.map { PhotoAnswers($0, calibration: calibration, policy: policy) }
        schema = Self.schemaName
        self.model = model
        n = photos.count
        groupCount = Set(photos.map(\.label.group)).count
        unfitCount = photos.count { !$0.isFit }
        trainingCount = photos.count { $0.label.isTrainingPhoto }
        self.unreadable = unreadable
        slices = Self.slices(answers, bootstrap)
        pixelFree = PixelFreeBaseline(photos, bootstrap: bootstrap)
        severities = Self.severities(answers, bootstrap)
        questions = [.damaged(answers, bootstrap), .outcome(answers, bootstrap)]
        mistakes = Self.mistakes(answers, count: mistakeCount)
        intervals = Intervals(
            confidence: bootstrap.confidence, resamples: bootstrap.resampleCount,
            seed: bootstrap.seed)
    }

    private static func slices(_ answers: [PhotoAnswers], _ bootstrap: Bootstrap) -> [Slice] {
        let known = answers.filter { $0.label.isDamaged != nil }
        let byCategory = Dictionary(grouping: known) { $0.label.category }
        let bySource = Dictionary(grouping: known) { $0.label.source }
        return [slice("all", "all", known, bootstrap)]
            + named(byCategory).map { slice("category", $0.name, $0.answers, bootstrap) }
            + named(bySource).map { slice("source", $0.name, $0.answers, bootstrap) }
    }

    private static func slice(
        _ kind: String, _ name: String, _ answers: [PhotoAnswers], _ bootstrap: Bootstrap
    ) -> Slice {
        let figures = GroupedFigures(
            groupNames: answers.map(\.label.group), bootstrap: bootstrap)
        let isDamaged = answers.map { $0.label.isDamaged == true }
        let saysDamaged = answers.map(\.saysDamaged)
        let ranked = RankedScores(
            scores: answers.map { $0.photo.severityLogits[0] }, isPositive: isDamaged)
        return Slice(
            kind: kind, name: name, n: answers.count, damaged: isDamaged.count { $0 },
            groups: figures.groupCount,
            auroc: figures.figure { ranked.areaUnderCurve(weights: $0) },
            accuracy: figures.share(
                of: zip(isDamaged, saysDamaged).map { $0 == $1 },
                among: isDamaged.map { _ in true }),
            recall: figures.share(of: saysDamaged, among: isDamaged),
            falsePositiveRate: figures.share(of: saysDamaged, among: isDamaged.map { !$0 }))
    }

    private static func severities(
        _ answers: [PhotoAnswers], _ bootstrap: Bootstrap
    ) -> [SeveritySlice] {
        let known = answers.filter { $0.label.severity != nil }
        guard !known.isEmpty else { return [] }
        let byCategory = Dictionary(grouping: known) { $0.label.category }
        return [severitySlice("all", known, bootstrap)]
            + named(byCategory).map { severitySlice($0.name, $0.answers, bootstrap) }
    }

    private static func severitySlice(
        _ name: String, _ answers: [PhotoAnswers], _ bootstrap: Bootstrap
    ) -> SeveritySlice {
        let truths = answers.compactMap { $0.label.severity?.rawValue }
        let guesses = answers.map(\.calibrated.mostLikely.rawValue)
        func table(_ weights: [Int]?) -> ConfusionTable {
            ConfusionTable(
                classCount: Severity.allCases.count, truths: truths, answers: guesses,
                weights: weights)
        }
        let figures = GroupedFigures(
            groupNames: answers.map(\.label.group), bootstrap: bootstrap)
        return SeveritySlice(
            name: name, n: answers.count,
            quadraticKappa: figures.figure { table($0).quadraticKappa },
            table: table(nil).counts)
    }

    private static func mistakes(_ answers: [PhotoAnswers], count: Int) -> [Mistake] {
        answers.compactMap(\.mistake)
            .sorted { ($0.confidence, $1.path) > ($1.confidence, $0.path) }
            .prefix(count).map { $0 }
    }

    /// The parts with a name, in the order of their names.
    private static func named(
        _ parts: [String?: [PhotoAnswers]]
    ) -> [(name: String, answers: [PhotoAnswers])] {
        parts.compactMap { key, answers in key.map { ($0, answers) } }
            .sorted { $0.name < $1.name }
    }
}
