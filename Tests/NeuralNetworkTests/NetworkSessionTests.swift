import Dispatch
import NeuralNetwork
import Statistics
import Synchronization
import Testing

struct NetworkSessionTests {
    private func model() throws -> NetworkModel {
        var builder = ModelBuilder()
        builder.metadata = ["regrade.labels": "{}"]
        builder.input("x", [-1, 2])
        builder.constant("two", shape: [], float32: [2])
        builder.node("Mul", ["x", "two"], ["y"])
        builder.node("ReduceSum", ["y"], ["sum"])
        builder.output("y")
        builder.output("sum")
        return try builder.model()
    }

    @Test
    func describesTheModel() throws {
        let model = try model()
        #expect(model.inputs.map(\.name) == ["x"])
        #expect(model.inputs[0].shape == [nil, 2])
        #expect(model.outputNames == ["y", "sum"])
        #expect(model.metadata == ["regrade.labels": "{}"])
        #expect(model.operatorCounts == ["Mul": 1, "ReduceSum": 1])
        #expect(model.parameterCount == 1)
    }

    @Test
    func runsAgainAndAgainOnItsOwnBuffers() throws {
        let session = NetworkSession(try NetworkProgram(model(), batch: 2))
        for round in 0..<3 {
            try session.withInput(named: "x") { span in
                for index in 0..<span.count { span[index] = Float(index + round) }
            }
            try session.run()
            let found = try session.withOutput(named: "y") { span in
                (0..<span.count).map { span[$0] }
            }
            #expect(found == (0..<4).map { 2 * Float($0 + round) })
        }
        // The input is still there for another run.
        try session.run()
        #expect(try session.output(named: "sum").float32 == [28])
    }

    @Test
    func sessionsOfOneProgramDoNotDisturbEachOther() throws {
        let program = try NetworkProgram(model(), batch: 1)
        let (first, second) = (NetworkSession(program), NetworkSession(program))
        try first.setInput(named: "x", to: Tensor(shape: [1, 2], float32: [1, 2]))
        try second.setInput(named: "x", to: Tensor(shape: [1, 2], float32: [30, 40]))
        try first.run()
        try second.run()
        #expect(try first.output(named: "y").float32 == [2, 4])
        #expect(try second.output(named: "y").float32 == [60, 80])
    }

    /// Workers run side by side, each with a session of its own on one shared program.
    @Test
    func sessionsOnSeveralThreadsAgree() throws {
        var numbers = SeededGenerator(seed: 3)
        var builder = ModelBuilder()
        builder.input("x", [1, 8, 30, 30])
        builder.constant("w", shape: [16, 8, 3, 3], float32: numbers.floats(16 * 8 * 9))
        builder.constant("d", shape: [16, 1, 5, 5], float32: numbers.floats(16 * 25))
        builder.node("Conv", ["x", "w"], ["c"])
        builder.node("HardSwish", ["c"], ["h"])
        builder.node("Conv", ["h", "d"], ["y"], ["group": .integer(16)])
        builder.output("y")
        let program = try NetworkProgram(builder.model())
        let input = try Tensor(shape: [1, 8, 30, 30], float32: numbers.floats(7_200))
        let answers = Mutex<[Tensor?]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let session = NetworkSession(program)
            for _ in 0..<20 {
                var answer: Tensor?
                do {
                    try session.setInput(named: "x", to: input)
                    try session.run()
                    answer = try session.output(named: "y")
                } catch {
                    Issue.record(error)
                }
                answers.withLock { $0.append(answer) }
            }
        }
        let found = answers.withLock { $0 }
        #expect(found.count == 80)
        #expect(found.allSatisfy { $0 != nil && $0 == found[0] })
    }

    @Test
    func namesAndTypesAreChecked() throws {
        let session = NetworkSession(try NetworkProgram(model(), batch: 1))
        #expect(throws: ModelError.unknownName(name: "z", known: ["y", "sum"])) {
            try session.output(named: "z")
        }
        let tensor = try Tensor(shape: [2], float32: [1, 2])
        #expect(
            throws: ModelError.inputMismatch(
                name: "x", expected: "float32[1, 2]", found: "float32[2]")
        ) { try session.setInput(named: "x", to: tensor) }
        #expect(throws: ModelError.inputMissing(name: "x")) { try model().run([:]) }
    }

    /// An index outside of its table is found while running, as inputs decide it.
    @Test
    func anIndexOutsideOfItsTableIsAnError() throws {
        var builder = ModelBuilder()
        builder.input("i", [1], type: 7)
        builder.constant("table", shape: [3], float32: [10, 20, 30])
        builder.node("Gather", ["table", "i"], ["y"])
        builder.output("y")
        let model = try builder.model()
        let last = try Tensor(shape: [1], elements: .int64([-1]))
        #expect(try model.run(["i": last])["y"]?.float32 == [30])
        let outside = try Tensor(shape: [1], elements: .int64([3]))
        #expect(
            throws: ModelError.invalidElements(
                node: "y", operatorName: "Gather", reason: "index 3 is outside of 3 elements")
        ) { try model.run(["i": outside]) }
    }

    /// A shape that an input decides is bound to its elements.
    @Test
    func shapesMayDependOnSmallInputs() throws {
        var builder = ModelBuilder()
        builder.input("x", [6])
        builder.input("t", [2], type: 7)
        builder.node("Reshape", ["x", "t"], ["y"])
        builder.output("y")
        let inputs = [
            "x": try Tensor(shape: [6], float32: [1, 2, 3, 4, 5, 6]),
            "t": try Tensor(shape: [2], elements: .int64([3, -1])),
        ]
        #expect(try builder.model().run(inputs)["y"]?.shape == [3, 2])
    }

    @Test
    func theBenchmarkRuns() throws {
        let result = try NetworkBenchmark.run(model(), batch: 3, threads: 2, seconds: 0)
        #expect(result.runs >= 5)
        #expect(result.batch == 3)
        #expect(result.threads == 2)
        #expect(result.bestMilliseconds <= result.medianMilliseconds)
        #expect(result.kernels.contains("OpenBLAS"))
    }
}
