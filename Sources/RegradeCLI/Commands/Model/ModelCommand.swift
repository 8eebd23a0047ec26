import ArgumentParser
import Foundation
import Workflow

/// `regrade model`: looks into ONNX models and runs them on tensors.
struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Shows, runs, times, verifies, judges and calibrates ONNX models.",
        subcommands: [
            Info.self, Run.self, Bench.self, Verify.self, Evaluate.self, Calibrate.self,
        ])

    /// `regrade model info`.
    struct Info: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info", abstract: "Shows inputs, outputs, operators and metadata.")

        @Argument(help: "The ONNX file; the shipped model by default.")
        var model: String?

        @Flag(help: "Print JSON for machines.")
        var json = false

        func run() async throws {
            let info = try ModelInspection(path: ModelCommand.path(model))
            try Terminal.standard.say(info, json: json, or: info.lines)
        }
    }

    /// `regrade model run`.
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run",
            abstract: "Runs a model on tensors in .npy files and writes each output as .npy.")

        @Argument(help: "The ONNX file.")
        var model: String

        @Option(help: "An input, NAME=FILE.npy; may be repeated.")
        var input: [String] = []

        @Option(help: "The folder for OUTPUTNAME.npy; made if missing.")
        var outputDir: String

        func run() async throws {
            let inputs = try input.map { text -> (name: String, path: String) in
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else {
                    throw Failure(
                        .usage, code: "input_invalid", "--input is '\(text)', expected NAME=FILE")
                }
                return (parts[0], parts[1])
            }
            let written = try TensorRun.run(
                model: model, inputs: inputs, outputDirectory: outputDir)
            written.forEach { Terminal.standard.say($0) }
        }
    }

    /// `regrade model bench`.
    struct Bench: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bench", abstract: "Times a model on this machine.")

        @Argument(help: "The ONNX file; the shipped model by default.")
        var model: String?

        @Option(help: "Inputs per round, 1 to 256.")
        var batch = 1

        @Option(help: "Threads that share a round's inputs, 1 to 64; at most one per input.")
        var threads = 1

        @Option(help: "How long to measure, 0.1 to 600 seconds.")
        var seconds = 2.0

        @Flag(help: "Print JSON for machines.")
        var json = false

        func validate() throws {
            for (name, value, bounds) in [
                ("batch", Double(batch), 1...256.0), ("threads", Double(threads), 1...64.0),
                ("seconds", seconds, 0.1...600.0),
            ] where !bounds.contains(value) {
                throw ValidationError(
                    "--\(name) is \(value), expected \(bounds.lowerBound) to "
                        + "\(bounds.upperBound)")
            }
        }

        func run() async throws {
            let timing = try ModelTiming(
                path: ModelCommand.path(model), batch: batch, threads: threads, seconds: seconds)
            try Terminal.standard.say(timing, json: json, or: timing.lines)
        }
    }

    /// `regrade model verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Compares a model's outputs with those its trainer stored.")

        @Argument(help: "The ONNX file; the shipped model by default.")
        var model: String?

        @Option(help: "The golden tensors; NAME.golden beside the model by default.")
        var golden: String?

        @Flag(help: "Print JSON for machines.")
        var json = false

        func run() async throws {
            let check = try GoldenCheck(path: ModelCommand.path(model), golden: golden)
            try Terminal.standard.say(check, json: json, or: check.lines)
        }
    }

    /// The model's path: the one named, or the shipped one.
    static func path(_ named: String?) throws -> String {
        var settings = Settings()
        settings.modelPath = named
        return try ModelFiles(settings: settings).model
    }
}
