import ArgumentParser
import Foundation
import Workflow

extension ModelCommand {
    /// `regrade model calibrate`.
    struct Calibrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "calibrate",
            abstract: "Fits temperatures and thresholds that hold a stated risk.",
            discussion: """
                The labels must be of photos that the model has not learned from. What they do \
                not show is not admitted, and people decide it; see docs/calibration.md.

                  regrade model calibrate --labels labels.csv --risk resell=0.01,refurbish=0.05 \
                --out shop.calibration.json
                  regrade review export --labels reviewed.csv --data returns
                  regrade model calibrate --labels reviewed.csv --risk resell=0.01 \
                --out shop.calibration.json --data returns
                """)

        @Option(help: "The labels: a CSV with a header, see docs/evaluating.md.")
        var labels: String

        @Option(help: "What the paths are relative to; the folder of the labels by default.")
        var photos: String?

        @Option(help: "Only the rows of this split, if the labels have that column.")
        var split: String?

        @Option(help: "The accepted share of wrong decisions: resell=0.01,reject=0.005.")
        var risk: String

        @Option(help: "How sure all statements together are to be, above 0 and below 1.")
        var confidence = 0.95

        @Option(help: "The share of each outcome's cases whose prediction set holds it.")
        var coverage = 0.9

        @Option(help: "The calibration file to write.")
        var out: String

        @Option(help: "How progress is shown: auto, plain or none.")
        var progress: ProgressStyle = .auto

        @OptionGroup(title: "Judging") var judging: JudgingOptions
        @OptionGroup(title: "Common") var common: CommonOptions

        func run() async throws {
            let request = try CalibrationRequest(
                risks: CalibrationRequest.risks(risk), confidence: confidence, coverage: coverage)
            let labels = try LabelFile(path: labels, photos: photos, split: split).labels()
            let judge = try await PhotoJudge(
                settings: judging.settings(common),
                casebook: labels.contains(where: \.isKept) ? common.casebook() : nil)
            let (judged, unreadable) = try await interruptible {
                try await judge.judged(labels, style: common.json ? .none : progress)
            }
            let report = try CalibrationReport(
                judged, unreadable: unreadable, by: judge, request: request)
            try report.write(to: out)
            try Terminal.standard.say(
                report, json: common.json, or: CalibrationView(report, path: out).lines)
            for note in report.notes { Terminal.standard.note("note: \(note)") }
        }
    }
}
