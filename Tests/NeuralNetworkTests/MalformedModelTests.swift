import Foundation
import NeuralNetwork
import Statistics
import TestSupport
import Testing

/// Model files are untrusted: whatever the bytes, the answer is a network or a ``ModelError``.
struct MalformedModelTests {
    /// A larger program than a mutation of so small a model needs is not run.
    private static let runnableByteCount = 16 << 20

    /// One model with every kind of field, and operators whose shapes depend on constants.
    private static let valid: Data = {
        var numbers = SeededGenerator(seed: 9)
        var builder = ModelBuilder()
        builder.metadata = ["regrade.format": "1"]
        builder.input("x", [-1, 2, 6, 6])
        builder.constant("w", shape: [4, 2, 3, 3], float32: numbers.floats(72))
        builder.constant("m", shape: [36, 3], float32: numbers.floats(108))
        builder.constant("t", int64: [0, -1])
        builder.constant("starts", int64: [1])
        builder.constant("ends", int64: [9])
        builder.constant("pads", int64: [0, 0, 1, 1, 0, 0, 1, 1])
        builder.node("Pad", ["x", "pads"], ["p"], ["mode": .string("reflect")])
        builder.node("Conv", ["p", "w"], ["c"], ["strides": .integers([2, 2])], name: "first")
        builder.node("LeakyRelu", ["c"], ["a"], ["alpha": .float(0.1)])
        builder.node(
            "AveragePool", ["a"], ["v"],
            ["kernel_shape": .integers([2, 2]), "pads": .integers([0, 0, 1, 1])])
        builder.node("Reshape", ["v", "t"], ["r"])
        builder.node("MatMul", ["r", "m"], ["z"])
        builder.node("Transpose", ["z"], ["q"], ["perm": .integers([1, 0])])
        builder.node("Slice", ["q", "starts", "ends"], ["l"])
        builder.node("Softmax", ["l"], ["f"], ["axis": .integer(0)])
        builder.node("ReduceMax", ["f"], ["k"], ["axes": .integers([1])])
        builder.node("Concat", ["f", "k"], ["y"], ["axis": .integer(1)])
        builder.output("y")
        return builder.bytes()
    }()

    private func attempt(_ bytes: Data) {
        do {
            let model = try NetworkModel(bytes: bytes)
            let program = try NetworkProgram(model, batch: 2)
            guard program.arenaByteCount <= Self.runnableByteCount else { return }
            try NetworkSession(program).run()
        } catch {
            // Typed as ModelError; its sentence must be possible to make, too.
            #expect(!"\(error)".isEmpty)
        }
    }

    @Test
    func theModelThatIsMutatedRuns() throws {
        let model = try NetworkModel(bytes: Self.valid)
        let session = NetworkSession(try NetworkProgram(model, batch: 2))
        try session.run()
        #expect(try session.output(named: "y").shape == [2, 3])
    }

    @Test
    func everyTruncationIsAnsweredWithoutACrash() {
        for count in 0..<Self.valid.count { attempt(Self.valid.prefix(count)) }
    }

    @Test
    func mutationsAreAnsweredWithoutACrash() async throws {
        let fuzzing = ParserFuzzing(
            "onnx", seeds: [Array(Self.valid)],
            words: ["Conv", "Reshape", "Transpose", "Softmax", "Concat", "Slice", "Pad", "axis"],
            fastCount: 4_000)
        try await fuzzing.run { attempt(Data($0)) }
    }

    /// Numbers at the ends of their ranges, where products and negations overflow.
    @Test(arguments: [
        Int.min, Int.min + 1, -1 << 40, -3, -1, 0, 1 << 20, 1 << 28, 1 << 31, 1 << 62, Int.max,
    ])
    func extremeNumbersAreAnsweredWithoutACrash(number: Int) {
        let lists: [(String, String, Int)] = [
            ("Conv", "strides", 2), ("Conv", "dilations", 2), ("Conv", "pads", 4),
            ("MaxPool", "kernel_shape", 2), ("AveragePool", "kernel_shape", 2),
            ("Transpose", "perm", 4), ("Unsqueeze", "axes", 1), ("Squeeze", "axes", 1),
            ("ReduceSum", "axes", 1), ("Pad", "pads", 8), ("Slice", "starts", 1),
        ]
        for (operatorName, attribute, count) in lists {
            var builder = ModelBuilder(opset: 9)
            builder.input("x", [1, 2, 6, 6])
            builder.constant("w", shape: [4, 2, 3, 3], float32: [Float](repeating: 1, count: 72))
            var attributes: [String: ModelBuilder.Attribute] = [
                attribute: .integers([Int](repeating: number, count: count))
            ]
            if operatorName == "Slice" { attributes["ends"] = .integers([number]) }
            builder.node(
                operatorName, operatorName == "Conv" ? ["x", "w"] : ["x"], ["y"], attributes)
            builder.output("y")
            attempt(builder.bytes())
        }
        for operatorName in ["Reshape", "Expand", "Tile"] {
            var builder = ModelBuilder()
            builder.input("x", [1, 2, 6, 6])
            builder.constant("t", int64: [1, 1, 1, Int64(number)])
            builder.node(operatorName, ["x", "t"], ["y"])
            builder.output("y")
            attempt(builder.bytes())
        }
        var builder = ModelBuilder()
        builder.input("x", [1, number < 0 ? 1 : number, 6, 6])
        builder.node("Relu", ["x"], ["y"])
        builder.output("y")
        attempt(builder.bytes())
    }

    @Test
    func limitsHoldBeforeMemoryIsSpent() {
        var builder = ModelBuilder()
        builder.input("x", [1 << 20, 1 << 20])
        builder.node("Relu", ["x"], ["y"])
        builder.output("y")
        #expect(
            throws: ModelError.limitExceeded(
                what: "element count of input x", value: 1 << 40,
                limit: ModelLimits.tensorElementLimit)
        ) { try NetworkProgram(builder.model()) }
    }

    /// Models of nothing but numbers: at each limit accepted, one beyond refused.
    @Test
    func countsHoldExactly() throws {
        func reluChain(_ count: Int) -> ModelBuilder {
            var builder = ModelBuilder()
            builder.input("v0", [1])
            for index in 0..<count { builder.node("Relu", ["v\(index)"], ["v\(index + 1)"]) }
            builder.output("v\(count)")
            return builder
        }
        func constants(_ count: Int) -> ModelBuilder {
            var builder = reluChain(1)
            for index in 0..<count { builder.constant("c\(index)", int64: [1]) }
            return builder
        }
        func properties(_ count: Int) -> ModelBuilder {
            var builder = reluChain(1)
            for index in 0..<count { builder.metadata["p\(index)"] = "" }
            return builder
        }
        func sum(_ count: Int) -> ModelBuilder {
            var builder = ModelBuilder()
            builder.input("x", [1])
            builder.node(
                "Concat", [String](repeating: "x", count: count - 1), ["y"], ["axis": .integer(0)],
                name: "sum")
            builder.output("y")
            return builder
        }
        // A value each for the two of the chain's one node, beside the constants.
        let cases: [(at: ModelBuilder, beyond: ModelBuilder, what: String, limit: Int)] = [
            (
                reluChain(ModelLimits.nodeCountLimit), reluChain(ModelLimits.nodeCountLimit + 1),
                "number of nodes", ModelLimits.nodeCountLimit
            ),
            (
                constants(ModelLimits.valueCountLimit - 2),
                constants(ModelLimits.valueCountLimit - 1), "number of values",
                ModelLimits.valueCountLimit
            ),
            (
                properties(ModelLimits.metadataCountLimit),
                properties(ModelLimits.metadataCountLimit + 1), "number of metadata properties",
                ModelLimits.metadataCountLimit
            ),
            (
                sum(ModelLimits.nodeValueCountLimit), sum(ModelLimits.nodeValueCountLimit + 1),
                "number of values of node sum", ModelLimits.nodeValueCountLimit
            ),
        ]
        for (at, beyond, what, limit) in cases {
            _ = try at.model()
            let error = #expect(throws: ModelError.self) { try beyond.model() }
            guard case .limitExceeded(let told, let value, limit)? = error else {
                Issue.record("\(what): \(error.map(String.init(describing:)) ?? "accepted")")
                continue
            }
            #expect(told.hasPrefix(what) && value == limit + 1)
        }
    }
}
