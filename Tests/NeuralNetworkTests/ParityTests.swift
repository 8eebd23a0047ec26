import Foundation
import NeuralNetwork
import TestSupport
import Testing

/// Real networks against the outputs that ONNX Runtime computed; scripts/parity writes them.
struct ParityTests {
    private static let folders = RecordedCase.folders(of: "parity", variable: "REGRADE_PARITY_DIR")
    /// Of the largest magnitude of an output: float32 rounding through a hundred layers.
    private static let tolerance: Float = 1e-4

    @Test(.enabled(if: folders != nil))
    func outputsAgreeWithTheReference() throws {
        print("parity with ONNX Runtime, max|a-b| / max|b|:")
        for folder in Self.folders ?? [] {
            let recorded = try RecordedCase(folder: folder)
            let model = try NetworkModel(contentsOf: recorded.model)
            let shapes = recorded.inputs.mapValues(\.shape)
            for simplifies in [true, false] {
                let program = try NetworkProgram(
                    model, inputShapes: shapes, simplifies: simplifies)
                let session = NetworkSession(program)
                for (name, tensor) in recorded.inputs {
                    try session.setInput(named: name, to: tensor)
                }
                try session.run()
                for (name, expected) in recorded.expected {
                    let error = TensorComparison.relativeError(
                        try session.output(named: name), expected)
                    print(
                        "  \(recorded.name) \(name): \(error), \(program.stepOperators.count) steps"
                            + (simplifies ? "" : " unsimplified"))
                    #expect(error <= Self.tolerance, "\(recorded.name), output \(name)")
                }
            }
        }
    }
}
