import NeuralNetwork
import Statistics

/// One convolution with its answer by plain loops.
struct ConvolutionProblem: CustomStringConvertible, Sendable {
    var batch = 1
    var inputChannels = 1
    var outputChannels = 1
    var groups = 1
    var size = [5, 5]
    var kernel = [3, 3]
    var strides = [1, 1]
    var dilations = [1, 1]
    /// Begins, then ends.
    var pads = [0, 0, 0, 0]
    var seed: UInt64 = 1

    var description: String {
        "\(batch)x\(inputChannels)x\(size) -> \(outputChannels), kernel \(kernel), "
            + "groups \(groups), strides \(strides), dilations \(dilations), pads \(pads), "
            + "seed \(seed)"
    }

    var outputSize: [Int] {
        (0..<2).map { axis in
            let extent = (kernel[axis] - 1) * dilations[axis] + 1
            return (size[axis] + pads[axis] + pads[axis + 2] - extent) / strides[axis] + 1
        }
    }

    var input: [Float] {
        var numbers = SeededGenerator(seed: seed)
        return numbers.floats(batch * inputChannels * size[0] * size[1])
    }

    var weights: [Float] {
        var numbers = SeededGenerator(seed: seed + 1)
        return numbers.floats(outputChannels * inputChannels / groups * kernel[0] * kernel[1])
    }

    var bias: [Float] {
        var numbers = SeededGenerator(seed: seed + 2)
        return numbers.floats(outputChannels)
    }

    /// Each output sums this many products of numbers below 1, each rounded once, in another order
    /// than ours: the errors of both add up to less than count * (count + 1) ulps of 1.
    var tolerance: Float {
        let count = Float(inputChannels / groups * kernel[0] * kernel[1] + 1)
        return min(count * count, 64 * count) * Float.ulpOfOne
    }

    /// A random problem that has an answer.
    init(random seed: UInt64) {
        var numbers = SeededGenerator(seed: seed)
        func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }
        self.seed = seed
        batch = pick(1...2)
        groups = [1, 1, 2, 3, 4][pick(0...4)]
        let multiplier = pick(1...3)
        let isDepthwise = pick(0...2) == 0
        inputChannels = groups * (isDepthwise ? 1 : pick(1...5))
        outputChannels = groups * multiplier
        kernel = [pick(1...5), pick(1...5)]
        strides = [pick(1...3), pick(1...3)]
        dilations = [pick(1...2), pick(1...2)]
        pads = (0..<4).map { _ in pick(0...3) }
        size = (0..<2).map { axis in
            max(1, (kernel[axis] - 1) * dilations[axis] + 1 - pads[axis] - pads[axis + 2])
                + pick(0...20)
        }
    }

    init() {}

    func reference() -> [Float] {
        let (input, weights, bias) = (input, weights, bias)
        let (height, width) = (outputSize[0], outputSize[1])
        let groupInputs = inputChannels / groups
        var output: [Float] = []
        for image in 0..<batch {
            for channel in 0..<outputChannels {
                let group = channel / (outputChannels / groups)
                for y in 0..<height {
                    for x in 0..<width {
                        var sum = Double(bias[channel])
                        for inner in 0..<groupInputs {
                            let plane = image * inputChannels + group * groupInputs + inner
                            let filter = channel * groupInputs + inner
                            sum += windowSum(input, plane, weights, filter, y: y, x: x)
                        }
                        output.append(Float(sum))
                    }
                }
            }
        }
        return output
    }

    private func windowSum(
        _ input: [Float], _ plane: Int, _ weights: [Float], _ filter: Int, y: Int, x: Int
    ) -> Double {
        var sum = 0.0
        for ky in 0..<kernel[0] {
            for kx in 0..<kernel[1] {
                let row = y * strides[0] + ky * dilations[0] - pads[0]
                let column = x * strides[1] + kx * dilations[1] - pads[1]
                guard 0..<size[0] ~= row, 0..<size[1] ~= column else { continue }
                let weight = weights[(filter * kernel[0] + ky) * kernel[1] + kx]
                sum += Double(weight) * Double(input[(plane * size[0] + row) * size[1] + column])
            }
        }
        return sum
    }

    /// What the engine computes.
    func run(simplifies: Bool) throws -> [Float] {
        var builder = ModelBuilder()
        builder.input("x", [batch, inputChannels] + size)
        builder.constant(
            "w", shape: [outputChannels, inputChannels / groups] + kernel, float32: weights)
        builder.constant("b", shape: [outputChannels], float32: bias)
        builder.node(
            "Conv", ["x", "w", "b"], ["y"],
            [
                "group": .integer(groups), "strides": .integers(strides),
                "dilations": .integers(dilations), "pads": .integers(pads),
            ])
        builder.output("y")
        let input = try Tensor(shape: [batch, inputChannels] + size, float32: input)
        let program = try NetworkProgram(builder.model(), simplifies: simplifies)
        let session = NetworkSession(program)
        try session.setInput(named: "x", to: input)
        try session.run()
        return try session.output(named: "y").float32 ?? []
    }
}
