import Foundation
import NeuralNetwork

/// How long a model takes on this machine, for `regrade model bench`.
public struct ModelTiming: Encodable, Sendable {
    private let benchmark: NetworkBenchmark

    /// Times a model on seeded noise; blocks for about as long as asked for.
    ///
    /// - Parameters:
    ///   - path: The ONNX file.
    ///   - batch: Inputs per round, at least 1.
    ///   - threads: Threads that share a round's inputs; no more than `batch` are used.
    ///   - seconds: How long to measure.
    /// - Throws: ``Failure`` if the model cannot be planned for this batch.
    public init(path: String, batch: Int, threads: Int, seconds: Double) throws {
        do {
            benchmark = try NetworkBenchmark.run(
                NetworkModel(contentsOf: URL(fileURLWithPath: path)), batch: batch,
                threads: threads, seconds: seconds)
        } catch {
            throw Failure(describing: error)
        }
    }

    /// Writes `median_ms`, `best_ms`, `runs`, `batch`, `threads` and `kernels`.
    public func encode(to encoder: any Encoder) throws {
        try benchmark.encode(to: encoder)
    }

    /// The same for a person.
    public var lines: [String] {
        [
            String(
                format: "median %.2f ms, best %.2f ms of %d rounds",
                benchmark.medianMilliseconds, benchmark.bestMilliseconds, benchmark.runs),
            "batch \(benchmark.batch), threads \(benchmark.threads): "
                + NetworkBenchmark.parallelism,
            benchmark.kernels,
        ]
    }
}
