import Foundation
import NeuralNetwork
import Statistics
import Testing

/// Each rewrite leaves the results as they are, and does happen.
struct SimplificationTests {
    private static let shape = [1, 4, 9, 9]

    /// A model that starts with a convolution of `x` into `c`.
    private func convolution(
        opset: Int = 17, _ change: (inout ModelBuilder) -> Void
    ) throws -> NetworkModel {
        var numbers = SeededGenerator(seed: 5)
        var builder = ModelBuilder(opset: opset)
        builder.input("x", Self.shape)
        builder.constant("w", shape: [6, 4, 3, 3], float32: numbers.floats(6 * 4 * 9))
        builder.constant("scale", shape: [6], float32: numbers.floats(6))
        builder.constant("shift", shape: [6], float32: numbers.floats(6))
        builder.constant("mean", shape: [6], float32: numbers.floats(6))
        builder.constant("variance", shape: [6], float32: numbers.floats(6).map { $0 + 1.5 })
        builder.constant("zero", shape: [], float32: [0])
        builder.constant("six", shape: [], float32: [6])
        builder.constant("pads", int64: [0, 0, 0, 1, 0, 0, 2, 1])
        change(&builder)
        builder.output("y")
        return try builder.model()
    }

    /// Runs both forms and compares; returns the operators of the simplified one, by their names in
    /// the file.
    private func simplifiedOperators(_ model: NetworkModel) throws -> [String] {
        var numbers = SeededGenerator(seed: 6)
        let input = try Tensor(shape: Self.shape, float32: numbers.floats(4 * 81))
        var outputs: [Tensor] = []
        var operators: [[String]] = []
        for simplifies in [false, true] {
            let program = try NetworkProgram(model, simplifies: simplifies)
            let session = NetworkSession(program)
            try session.setInput(named: "x", to: input)
            try session.run()
            outputs.append(try session.output(named: "y"))
            operators.append(program.stepOperators)
        }
        // Folding a factor into 36 products rounds each of them once more.
        #expect(TensorComparison.relativeError(outputs[1], outputs[0]) <= 36 * Float.ulpOfOne)
        let remaining = Self.fileOperators(operators[1])
        #expect(operators[0].count > remaining.count)
        return remaining
    }

    /// Without the changes of an image's arrangement.
    private static func fileOperators(_ operators: [String]) -> [String] {
        operators.filter { !$0.hasPrefix("ToChannels") }.map {
            $0.replacingOccurrences(of: "ChannelsLast", with: "")
        }
    }

    @Test
    func foldsBatchNormalizationAndActivation() throws {
        let model = try convolution { builder in
            builder.node("Conv", ["x", "w"], ["c"])
            builder.node("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], ["n"])
            builder.node("Clip", ["n", "zero", "six"], ["y"])
        }
        #expect(try simplifiedOperators(model) == ["Conv"])
    }

    @Test
    func keepsNormalizationOfAValueThatOthersRead() throws {
        let model = try convolution { builder in
            builder.node("Conv", ["x", "w"], ["c"])
            builder.node("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], ["n"])
            builder.node("Add", ["c", "n"], ["s"])
            builder.node("Relu", ["s"], ["y"])
        }
        #expect(try simplifiedOperators(model) == ["Conv", "BatchNormalization", "Add"])
    }

    @Test
    func movesPaddingIntoTheConvolution() throws {
        let model = try convolution { builder in
            builder.node("Pad", ["x", "pads", "zero"], ["p"])
            builder.node("Conv", ["p", "w"], ["y"], ["strides": .integers([2, 2])])
        }
        #expect(try simplifiedOperators(model) == ["Conv"])
    }

    @Test
    func keepsPaddingThatIsNotZero() throws {
        let model = try convolution { builder in
            builder.node("Pad", ["x", "pads", "six"], ["p"])
            builder.node("Conv", ["p", "w"], ["c"])
            builder.node("Relu", ["c"], ["y"])
        }
        #expect(try simplifiedOperators(model) == ["Pad", "Conv"])
    }

    @Test(arguments: [
        ("Sigmoid", [:]),
        ("HardSigmoid", ["alpha": ModelBuilder.Attribute.float(1.0 / 6)]),
    ])
    private func recognisesGatedActivations(
        gate: String, attributes: [String: ModelBuilder.Attribute]
    ) throws {
        let model = try convolution(opset: 13) { builder in
            builder.node("Conv", ["x", "w"], ["c"])
            builder.node(gate, ["c"], ["g"], attributes)
            builder.node("Mul", ["c", "g"], ["y"])
        }
        #expect(try simplifiedOperators(model) == ["Conv"])
    }

    @Test
    func computesShapesWhenPlanning() throws {
        let model = try convolution { builder in
            builder.constant("first", int64: [0])
            builder.constant("rest", int64: [-1])
            builder.node("Conv", ["x", "w"], ["c"])
            builder.node("Shape", ["c"], ["s"])
            builder.node("Gather", ["s", "first"], ["n"])
            builder.node("Concat", ["n", "rest"], ["t"], ["axis": .integer(0)])
            builder.node("Reshape", ["c", "t"], ["r"])
            builder.node("Dropout", ["r"], ["y"])
        }
        let program = try NetworkProgram(model)
        #expect(Self.fileOperators(program.stepOperators) == ["Conv"])
        #expect(program.outputs.map(\.shape) == [[1, 294]])
    }

    /// Activations on integers are not the business of float kernels.
    @Test
    func leavesIntegerArithmeticAlone() throws {
        var builder = ModelBuilder()
        builder.input("a", [3], type: 7)
        builder.node("Add", ["a", "a"], ["s"])
        builder.node("Relu", ["s"], ["y"])
        builder.output("y")
        let input = try Tensor(shape: [3], elements: .int64([-2, 0, 3]))
        let output = try builder.model().run(["a": input])["y"]
        #expect(output?.elements == .int64([0, 0, 6]))
    }
}
