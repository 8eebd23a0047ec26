import ArgumentParser
import Foundation
import Statistics
import Workflow

extension ModelCommand {
    /// `regrade model evaluate`.
    struct Evaluate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "evaluate",
            abstract: "Judges a model on labelled photos.",
            discussion: """
                Labels are a CSV with a column path or inspection and any of damaged, severity, \
                outcome, types, category, group, source, split; see docs/evaluating.md. Photos of \
                inspections are those kept in --data.

                  regrade model evaluate --manifest labels.csv --html evaluation.html
                """)

        @Option(help: "The labels: a CSV with a header.")
        var manifest: String

        @Option(help: "What the paths are relative to; the folder of the labels by default.")
        var photos: String?

        @Option(help: "Only the rows of this split, if the labels have that column.")
        var split: String?

        @Option(help: "Write the figures as JSON.")
        var out: String?

        @Option(help: "Write one HTML page with plots and the surest mistakes.")
        var html: String?

        @Option(help: "How many mistakes are shown, 0 to 96.")
        var mistakes = 24

        @Option(help: "Bootstrap resamples, 100 to 10000.")
        var resamples = 1000

        @Option(help: "How progress is shown: auto, plain or none.")
        var progress: ProgressStyle = .auto

        @OptionGroup(title: "Judging") var judging: JudgingOptions
        @OptionGroup(title: "Common") var common: CommonOptions

        func validate() throws {
            guard (0...EvaluationPage.mistakeCountLimit).contains(mistakes) else {
                throw ValidationError(
                    "--mistakes is \(mistakes), expected 0 to \(EvaluationPage.mistakeCountLimit)")
            }
            guard (100...10_000).contains(resamples) else {
                throw ValidationError("--resamples is \(resamples), expected 100 to 10000")
            }
        }

        func run() async throws {
            let labels = try LabelFile(path: manifest, photos: photos, split: split).labels()
            let judge = try await PhotoJudge(
                settings: judging.settings(common),
                casebook: labels.contains(where: \.isKept) ? common.casebook() : nil)
            let (judged, unreadable) = try await interruptible {
                try await judge.judged(labels, style: common.json ? .none : progress)
            }
            let evaluation = Evaluation(
                judged, unreadable: unreadable, by: judge,
                bootstrap: Bootstrap(resampleCount: resamples), mistakeCount: mistakes)
            let files = EvaluationFiles(evaluation)
            if let out { try files.writeJSON(to: out) }
            if let html { try await files.writePage(to: html, labels: labels, judge: judge) }
            try Terminal.standard.say(
                evaluation, json: common.json, or: EvaluationView(evaluation).lines)
        }
    }
}

/// A labels file as the flags name it.
struct LabelFile {
    let path: String
    let photos: String?
    let split: String?

    /// The labels of the split, or all.
    ///
    /// - Throws: ``Failure`` if the file is missing or wrong, or the split empty.
    func labels() throws -> [LabelledPhoto] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(.inputMissing, code: "labels_missing", "there is no labels file \(path)")
        }
        let all: [LabelledPhoto]
        do {
            all = try LabelReader.labels(path: path, photosFolder: photos)
        } catch {
            throw Failure(describing: error)
        }
        guard let split else { return all }
        let chosen = all.filter { $0.split == split }
        guard !chosen.isEmpty else {
            let known = Set(all.compactMap(\.split)).sorted().joined(separator: ", ")
            throw Failure(
                .usage, code: "split_unknown",
                "no row of \(path) has the split '\(split)'; it has: \(known)")
        }
        return chosen
    }
}

extension PhotoJudge {
    /// Judges photos and draws how far it is.
    func judged(
        _ labels: [LabelledPhoto], style: ProgressStyle
    ) async throws -> (judged: [JudgedPhoto], unreadable: [UnreadablePhoto]) {
        let bar = ProgressBar(style: style)
        defer { bar.finish() }
        let pace = ProgressPace(interval: bar.interval)
        return try await judge(labels) { state in
            if pace.isDue { bar.show(state) }
        }
    }
}
