import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade batch`: inspects a tree of photos or a manifest, resumes by itself.
struct BatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Inspects a folder of photos, or the items of a manifest, and records them.",
        discussion: """
            Every file is one item, unless files are grouped by folder or by a manifest. An \
            interrupted batch goes on where it stopped when the same command is given again.

              regrade batch photos --data returns --out results.jsonl --csv results.csv
              regrade batch --manifest items.csv --data returns
              regrade batch photos --data returns --model new.onnx --compare run_… \
                --report report.html
            """)

    @Argument(help: "The folder to walk; not needed with --manifest.")
    var directory: String?

    @Option(help: "A CSV of items: path, view, item and order data.")
    var manifest: String?

    @Option(help: "What is one item: file, or folder.")
    var groupBy: Grouping = .file

    @Option(help: "Write the results as JSON Lines.")
    var out: String?

    @Option(help: "Write the results as CSV.")
    var csv: String?

    @Option(help: "Write one page with plots and pictures: report.html.")
    var report: String?

    @Option(help: "Compare with an earlier run: its id (run_…) or its results file.")
    var compare: String?

    @Option(help: "Write every item that ended differently, as JSON Lines; needs --compare.")
    var flips: String?

    @Flag(help: "Compute every photo, also those whose assessment is known.")
    var fresh = false

    @Option(help: "How progress is shown: auto, plain or none.")
    var progress: ProgressStyle = .auto

    @OptionGroup(title: "Judging") var judging: JudgingOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    /// What makes one item of a folder's files.
    enum Grouping: String, ExpressibleByArgument, CaseIterable {
        case file, folder
    }

    func validate() throws {
        if flips != nil, compare == nil {
            throw ValidationError("--flips needs --compare RUN")
        }
    }

    func run() async throws {
        let source = try source()
        let settings = try await judging.settings(common)
        let inspector = try Inspector(settings: settings)
        let casebook = try await common.casebook(creating: true)
        let runner = BatchRunner(
            inspector: inspector, casebook: casebook, keepsPhotos: settings.keepsPhotos,
            reusesAssessments: !fresh)
        let bar = ProgressBar(style: common.json ? .none : progress)
        defer { bar.finish() }
        let (run, summary) = try await interruptible {
            try await runBatch(runner, source, showing: bar)
        }
        let export = BatchExport(casebook: casebook, run: run)
        if let out {
            bar.show(step: "writing \(out)")
            try await export.writeJSONLines(to: out)
        }
        if let csv {
            bar.show(step: "writing \(csv)")
            try await export.writeCSV(to: csv)
        }
        var comparison: RunComparison?
        if let compare {
            bar.show(step: "comparing with \(compare)")
            comparison = try await casebook.comparison(
                of: run, with: ComparedRun(compare), flipsPath: flips)
        }
        if let report {
            bar.show(step: "writing \(report)")
            try await BatchPage(inspector: inspector, casebook: casebook).write(
                of: run, source, summary, comparison: comparison, to: report)
        }
        bar.finish()
        try show(summary, comparison)
        if summary.progress.totalCount > 0, summary.counts.inspectedCount == 0 {
            throw Failure(
                .badInput, code: "nothing_readable",
                "none of the \(summary.progress.totalCount) items has a readable photo")
        }
        if summary.progress.totalCount == 0 {
            throw Failure(.badInput, code: "nothing_found", "there is no photo to inspect")
        }
    }

    private func runBatch(
        _ runner: BatchRunner, _ source: BatchSource, showing bar: ProgressBar
    ) async throws -> (BatchRun, BatchSummary) {
        let pace = ProgressPace(interval: bar.interval)
        return try await runner.run(source) { state in
            if pace.isDue { bar.show(state) }
        }
    }

    private func source() throws -> BatchSource {
        if let manifest {
            guard directory == nil else {
                throw Failure(
                    .usage, code: "two_sources",
                    "name a folder or a manifest, not both; a manifest's paths are relative to it")
            }
            guard FileManager.default.fileExists(atPath: manifest) else {
                throw Failure(
                    .inputMissing, code: "manifest_missing", "there is no manifest \(manifest)")
            }
            return .manifest(path: manifest)
        }
        guard let directory else {
            throw Failure(
                .usage, code: "no_source", "name a folder of photos, or a manifest with --manifest")
        }
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: directory).resolvingSymlinksInPath().path)
        guard attributes?[.type] as? FileAttributeType == .typeDirectory else {
            throw Failure(
                .inputMissing, code: "folder_missing", "there is no folder \(directory)")
        }
        return groupBy == .file ? .files(root: directory) : .folders(root: directory)
    }

    private func show(_ summary: BatchSummary, _ comparison: RunComparison?) throws {
        if common.json {
            try Terminal.standard.say(json: BatchReport(summary, comparison))
            return
        }
        var lines = BatchSummaryView(terminal: .standard).lines(of: summary)
        if let comparison {
            lines += [""] + ComparisonView(terminal: .standard).lines(of: comparison)
        }
        for line in lines { Terminal.standard.say(line) }
    }
}

extension ProgressStyle: ExpressibleByArgument {}
