import NeuralNetwork
import Testing

struct ConvolutionTests {
    /// The shapes at which the kernels change their method.
    private static let table: [ConvolutionProblem] = {
        var problems: [ConvolutionProblem] = []
        func add(_ change: (inout ConvolutionProblem) -> Void) {
            var problem = ConvolutionProblem()
            change(&problem)
            problems.append(problem)
        }
        add {
            $0.kernel = [1, 1]; $0.inputChannels = 19; $0.outputChannels = 7
        }
        add {
            $0.kernel = [1, 1]; $0.strides = [2, 2]; $0.inputChannels = 3
        }
        // More pixels than one panel, and a last panel that is not full.
        add {
            $0.size = [61, 67]; $0.inputChannels = 40; $0.outputChannels = 33
        }
        add {
            $0.size = [56, 57]; $0.kernel = [1, 1]; $0.inputChannels = 64; $0.outputChannels = 65
        }
        // Depthwise: every common kernel, stride and padding, and rows longer than a vector block.
        for kernel in [3, 5, 7] {
            for stride in [1, 2] {
                for size in [7, 14, 29, 112] {
                    add {
                        $0.groups = 3
                        $0.inputChannels = 3
                        $0.outputChannels = 3
                        $0.kernel = [kernel, kernel]
                        $0.strides = [stride, stride]
                        $0.size = [size, size + 1]
                        $0.pads = [kernel / 2, kernel / 2, kernel / 2, kernel / 2]
                    }
                }
            }
        }
        // TF "SAME" at stride 2 pads only behind.
        add {
            $0.size = [8, 8]; $0.strides = [2, 2]; $0.pads = [0, 0, 1, 1]
        }
        // Padding wider than the picture, so that some windows see nothing of it.
        add {
            $0.size = [1, 2]; $0.pads = [4, 4, 4, 4]
        }
        add {
            $0.size = [1, 2]
            $0.pads = [4, 4, 4, 4]
            $0.groups = 2
            $0.inputChannels = 2
            $0.outputChannels = 4
        }
        return problems
    }()

    @Test(arguments: table)
    private func agreesWithPlainLoops(_ problem: ConvolutionProblem) throws {
        try check(problem)
    }

    @Test(arguments: 0..<UInt64(200))
    func agreesWithPlainLoopsOnRandomShapes(seed: UInt64) throws {
        try check(ConvolutionProblem(random: seed))
    }

    private func check(_ problem: ConvolutionProblem) throws {
        let expected = problem.reference()
        // With channels last, and as the file has it.
        for simplifies in [true, false] {
            let found = try problem.run(simplifies: simplifies)
            #expect(found.count == expected.count, "\(problem)")
            let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
            #expect(difference <= problem.tolerance, "\(problem)")
        }
    }
}
