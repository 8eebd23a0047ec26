import Foundation
import NeuralNetwork
import Testing

/// The sentences that people read.
struct ModelErrorTests {
    private func message(_ build: (inout ModelBuilder) -> Void) -> String {
        var builder = ModelBuilder()
        builder.input("x", [1, 2, 6, 6])
        build(&builder)
        builder.output("y")
        do {
            _ = try NetworkProgram(builder.model())
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test
    func anUnknownOperatorIsNamedWithItsNode() {
        let text = message { $0.node("NonZero", ["x"], ["y"], name: "/head/NonZero") }
        #expect(
            text == "node /head/NonZero: operator NonZero is not supported in opset 17; "
                + "docs/operators.md lists what is")
    }

    @Test
    func anotherDomainIsNamed() {
        let text = message { $0.node("FusedConv", ["x"], ["y"], domain: "com.microsoft") }
        #expect(text.hasPrefix("node y: operator com.microsoft.FusedConv is not supported"))
    }

    @Test
    func anUnknownAttributeIsNamed() {
        let text = message { $0.node("Relu", ["x"], ["y"], ["beta": .float(1)]) }
        #expect(text == "node y: operator Relu is not supported with attribute beta")
    }

    @Test
    func contradictingShapesAreShown() {
        let text = message { builder in
            builder.constant("w", shape: [4, 3, 1, 1], float32: [Float](repeating: 0, count: 12))
            builder.node("Conv", ["x", "w"], ["y"], name: "stem")
        }
        #expect(
            text == "node stem (Conv) is invalid: weights [4, 3, 1, 1] in 1 groups do not fit the "
                + "input [1, 2, 6, 6]")
    }

    @Test
    func aValueThatNothingComputesIsNamed() {
        let text = message { $0.node("Relu", ["z"], ["y"]) }
        #expect(text == "graph is malformed: node y uses z before it is defined")
    }

    @Test
    func anOldOpsetIsRefusedWithTheCure() {
        var builder = ModelBuilder(opset: 6)
        builder.input("x", [1])
        builder.output("x")
        #expect(
            throws: ModelError.unsupportedOpset(version: 6, supported: ModelLimits.opsetRange)
        ) { try builder.model() }
    }

    @Test
    func anOpenShapeMustBeGiven() throws {
        var builder = ModelBuilder()
        builder.input("x", [-1, 3])
        builder.node("Relu", ["x"], ["y"])
        builder.output("y")
        let model = try builder.model()
        #expect(throws: ModelError.inputShapeNeeded(name: "x", declared: [nil, 3])) {
            try NetworkProgram(model)
        }
        #expect(try NetworkProgram(model, batch: 4).outputs.map(\.shape) == [[4, 3]])
    }

    @Test
    func aMissingFileSaysSo() {
        #expect(
            throws: ModelError.fileUnreadable(
                path: "/nowhere/model.onnx", reason: "No such file or directory")
        ) { try NetworkModel(contentsOf: URL(filePath: "/nowhere/model.onnx")) }
    }
}
