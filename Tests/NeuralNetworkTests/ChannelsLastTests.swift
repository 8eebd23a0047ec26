import NeuralNetwork
import Statistics
import Testing

/// Images change their arrangement where it pays, and mean the same in both.
struct ChannelsLastTests {
    /// A model that starts with a pointwise convolution of `x` into `c`, of 20 channels.
    private func model(
        size: [Int] = [9, 11], _ change: (inout ModelBuilder) -> Void
    ) throws -> NetworkModel {
        var numbers = SeededGenerator(seed: 11)
        var builder = ModelBuilder(opset: 13)
        builder.input("x", [2, 5] + size)
        for (name, shape) in [
            ("point", [20, 5, 1, 1]), ("square", [20, 20, 3, 3]), ("deep", [20, 1, 3, 3]),
            ("back", [20, 20, 1, 1]),
        ] {
            builder.constant(name, shape: shape, float32: numbers.floats(shape.reduce(1, *)))
        }
        builder.constant("bias", shape: [20], float32: numbers.floats(20))
        builder.node("Conv", ["x", "point", "bias"], ["c"])
        change(&builder)
        builder.output("y")
        return try builder.model()
    }

    /// Compares both forms; returns the operators of the simplified one.
    private func operators(_ model: NetworkModel) throws -> [String] {
        var numbers = SeededGenerator(seed: 12)
        let shape = model.inputs[0].shape.compactMap(\.self)
        let input = try Tensor(shape: shape, float32: numbers.floats(shape.reduce(1, *)))
        var outputs: [Tensor] = []
        var operators: [String] = []
        for simplifies in [false, true] {
            let program = try NetworkProgram(model, simplifies: simplifies)
            let session = NetworkSession(program)
            try session.setInput(named: "x", to: input)
            try session.run()
            outputs.append(try session.output(named: "y"))
            operators = program.stepOperators
        }
        // Three layers of at most 180 products each, in another order.
        #expect(TensorComparison.relativeError(outputs[1], outputs[0]) <= 1e-5)
        return operators
    }

    @Test
    func runsOfConvolutionsChangeTheArrangementOnce() throws {
        let found = try operators(
            model { builder in
                builder.node(
                    "Conv", ["c", "deep"], ["d"],
                    ["group": .integer(20), "pads": .integers([1, 1, 1, 1])])
                builder.node("Relu", ["d"], ["r"])
                builder.node("Conv", ["r", "back"], ["b"])
                builder.node("Add", ["b", "c"], ["s"])
                builder.node("Relu", ["s"], ["t"])
                builder.node("GlobalAveragePool", ["t"], ["y"])
            })
        // The sum and both activations are part of the convolutions.
        #expect(
            found == ["ToChannelsLast"] + Array(repeating: "ConvChannelsLast", count: 3)
                + ["MeanChannelsLast"])
    }

    /// Both operands of the sum come from convolutions: one takes the other's result.
    @Test
    func aSumOfTwoBranchesJoinsTheLaterOne() throws {
        let found = try operators(
            model { builder in
                builder.node("Conv", ["c", "square"], ["a"], ["pads": .integers([1, 1, 1, 1])])
                builder.node("Conv", ["c", "back"], ["b"])
                builder.node("Add", ["a", "b"], ["y"])
            })
        #expect(found.filter { $0 == "Add" }.isEmpty)
    }

    @Test
    func poolsJoinsAndGatesKeepTheArrangement() throws {
        let found = try operators(
            model { builder in
                builder.node(
                    "MaxPool", ["c"], ["m"],
                    ["kernel_shape": .integers([3, 3]), "pads": .integers([1, 1, 1, 1])])
                builder.node("Concat", ["m", "c"], ["j"], ["axis": .integer(1)])
                builder.node("GlobalAveragePool", ["c"], ["g"])
                builder.node("Conv", ["g", "back"], ["e"])
                builder.node("Sigmoid", ["e"], ["gate"])
                builder.node("Mul", ["c", "gate"], ["k"])
                builder.node("Concat", ["j", "k"], ["y"], ["axis": .integer(1)])
            })
        #expect(found.filter { $0 == "ToChannelsLast" }.count == 1)
        #expect(found.filter { $0 == "ToChannelsFirst" }.count == 1)
        #expect(found.contains("MaxPoolChannelsLast"))
    }

    /// What has no form with channels last reads the arrangement of the file.
    @Test
    func otherOperatorsGetWhatTheyExpect() throws {
        let found = try operators(
            model { builder in
                builder.node("Transpose", ["c"], ["t"], ["perm": .integers([0, 1, 3, 2])])
                builder.node("Softmax", ["c"], ["s"], ["axis": .integer(1)])
                builder.node("Transpose", ["s"], ["u"], ["perm": .integers([0, 1, 3, 2])])
                builder.node("Add", ["t", "u"], ["y"])
            })
        #expect(found.filter { $0 == "ToChannelsFirst" }.count == 1)
    }

    @Test(arguments: [[1, 1], [1, 3], [2, 2], [1, 40], [40, 1], [7, 7], [14, 8]])
    func smallImagesAreNoException(size: [Int]) throws {
        _ = try operators(
            model(size: size) { builder in
                builder.node("Conv", ["c", "square"], ["a"], ["pads": .integers([1, 1, 1, 1])])
                builder.node("HardSwish", ["a"], ["y"])
            })
    }

    /// The operators that simplification makes are not for files.
    @Test(arguments: ["ToChannelsLast", "ConvChannelsLast", "MeanChannelsLast"])
    func filesCannotNameThem(name: String) throws {
        #expect {
            _ = try model { $0.node(name, ["c"], ["y"]) }
        } throws: { error in
            guard case .unsupportedOperator(_, name, _)? = error as? ModelError else {
                return false
            }
            return true
        }
    }
}
