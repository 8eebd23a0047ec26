import NeuralNetwork
import Statistics
import Testing

/// Inner images can be read after a run, whatever simplification made of the graph.
struct TapTests {
    private static let shape = [1, 5, 9, 11]

    /// A small residual network of which one value is the only output.
    private func model(output: String = "y", also: [String] = []) throws -> NetworkModel {
        var numbers = SeededGenerator(seed: 21)
        var builder = ModelBuilder(opset: 13)
        builder.input("x", Self.shape)
        for (name, shape) in [
            ("point", [20, 5, 1, 1]), ("deep", [20, 1, 3, 3]), ("back", [20, 20, 1, 1]),
        ] {
            builder.constant(name, shape: shape, float32: numbers.floats(shape.reduce(1, *)))
        }
        builder.constant("zero", shape: [], float32: [0])
        builder.constant("six", shape: [], float32: [6])
        builder.node("Conv", ["x", "point"], ["c"])
        builder.node("Clip", ["c", "zero", "six"], ["r"])
        builder.node(
            "Conv", ["r", "deep"], ["d"],
            ["group": .integer(20), "pads": .integers([1, 1, 1, 1])])
        builder.node("Clip", ["d", "zero", "six"], ["e"])
        builder.node("Conv", ["e", "back"], ["b"])
        builder.node("Add", ["b", "r"], ["s"])
        builder.node("Identity", ["s"], ["i"])
        builder.node("GlobalAveragePool", ["i"], ["y"])
        builder.output(output)
        for name in also { builder.output(name) }
        return try builder.model()
    }

    private func session(_ program: NetworkProgram) throws -> NetworkSession {
        var numbers = SeededGenerator(seed: 22)
        let session = NetworkSession(program)
        try session.setInput(
            named: "x",
            to: Tensor(shape: Self.shape, float32: numbers.floats(Self.shape.reduce(1, *))))
        try session.run()
        return session
    }

    @Test(arguments: ["c", "r", "d", "e", "b", "s", "i"], [false, true])
    func equalWhatTheCutGraphGives(name: String, simplifies: Bool) throws {
        let cut = try session(NetworkProgram(model(output: name), simplifies: false))
            .output(named: name)
        let program = try NetworkProgram(model(), taps: [name], simplifies: simplifies)
        let tap = try session(program).tap(named: name)
        #expect(tap.channelCount == cut.shape[1])
        #expect([tap.rowCount, tap.columnCount] == Array(cut.shape[2...]))
        let count = tap.rowCount * tap.columnCount
        let planes = try #require(cut.float32)
        let expected = (0..<count).flatMap { pixel in
            (0..<tap.channelCount).map { planes[$0 * count + pixel] }
        }
        let shape = [expected.count]
        #expect(
            TensorComparison.relativeError(
                try Tensor(shape: shape, float32: tap.elements),
                try Tensor(shape: shape, float32: expected)) <= 1e-5)
    }

    @Test func severalTapsAndTheOutputHoldAtOnce() throws {
        let plain = try session(NetworkProgram(model(), simplifies: false)).output(named: "y")
        let program = try NetworkProgram(model(), taps: ["r", "e", "s"])
        let tapped = try session(program)
        #expect(TensorComparison.relativeError(try tapped.output(named: "y"), plain) <= 1e-5)
        #expect(program.taps.map(\.name) == ["r", "e", "s"])
        for tap in program.taps {
            let alone = try session(NetworkProgram(model(), taps: [tap.name]))
            #expect(try tapped.tap(named: tap.name) == alone.tap(named: tap.name))
        }
    }

    @Test func addNoStepWhereTheImageStandsAnyway() throws {
        let plain = try NetworkProgram(model())
        #expect(try NetworkProgram(model(), taps: ["r", "s"]).stepOperators == plain.stepOperators)
    }

    @Test(arguments: ["nobody", "y0"])
    func refusesWhatIsNoInnerImage(name: String) throws {
        #expect(throws: ModelError.tapUnusable(name: name)) {
            _ = try NetworkProgram(model(), taps: [name])
        }
    }

    @Test func listsInnerImagesInOrder() throws {
        let images = try NetworkProgram.innerImages(of: model())
        #expect(images.map(\.name) == ["c", "r", "d", "e", "b", "s", "i", "y"])
        #expect(images[0].shape == [1, 20, 9, 11])
    }
}
