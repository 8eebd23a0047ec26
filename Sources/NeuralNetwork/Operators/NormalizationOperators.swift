internal import Foundation

/// Normalisation by statistics: given ones, those of a plane, or those of neighbouring channels.
enum NormalizationOperators {
    static let definitions = [
        OperatorDefinition(
            "BatchNormalization", attributes: ["epsilon", "momentum", "spatial", "training_mode"],
            inputs: 5...5, outputs: 1...5, plan: batch),
        OperatorDefinition(
            "InstanceNormalization", attributes: ["epsilon"], inputs: 3...3, plan: instance),
        OperatorDefinition("LRN", attributes: ["alpha", "beta", "bias", "size"], plan: local),
    ]

    /// Batch, channels, and elements of a plane; every parameter must have one element a channel.
    private static func extents(
        _ context: NodeContext, parameters: Range<Int>
    ) throws(ModelError) -> (batch: Int, channels: Int, plane: Int) {
        let shape = try context.floatType(0).shape
        guard shape.rank >= 2 else { throw context.invalid("its input has no channels") }
        for index in parameters {
            guard try context.floatType(index).shape.dimensions == [shape[1]] else {
                throw context.invalid("input \(index) has not one element for each channel")
            }
        }
        return (shape[0], shape[1], shape.dimensions[2...].reduce(1, *))
    }

    /// `scale * (x - mean) / sqrt(variance + epsilon) + shift`.
    @Sendable
    private static func batch(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let extents = try extents(context, parameters: 1..<5)
        guard try !context.flag("training_mode"), context.node.outputs.count == 1 else {
            throw context.unsupported("training_mode")
        }
        guard try context.flag("spatial", default: true) else {
            throw context.unsupported("attribute spatial 0")
        }
        let epsilon = try context.float("epsilon", default: 1e-5)
        return .kernel(try context.type(0)) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            let scale = arguments.input(1, as: Float.self)
            let shift = arguments.input(2, as: Float.self)
            let mean = arguments.input(3, as: Float.self)
            let variance = arguments.input(4, as: Float.self)
            for plane in 0..<extents.batch * extents.channels {
                let channel = plane % extents.channels
                let factor = scale[channel] / (variance[channel] + epsilon).squareRoot()
                for index in plane * extents.plane..<(plane + 1) * extents.plane {
                    output[index] = (input[index] - mean[channel]) * factor + shift[channel]
                }
            }
        }
    }

    /// As `BatchNormalization`, with the mean and variance of each plane.
    @Sendable
    private static func instance(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let extents = try extents(context, parameters: 1..<3)
        let epsilon = Double(try context.float("epsilon", default: 1e-5))
        return .kernel(try context.type(0)) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            let scale = arguments.input(1, as: Float.self)
            let shift = arguments.input(2, as: Float.self)
            for plane in 0..<extents.batch * extents.channels {
                let range = plane * extents.plane..<(plane + 1) * extents.plane
                let count = Double(extents.plane)
                let mean = range.reduce(0.0) { $0 + Double(input[$1]) } / count
                let variance = range.reduce(0.0) { sum, index in
                    let distance = Double(input[index]) - mean
                    return sum + distance * distance
                }
                let channel = plane % extents.channels
                let factor = Double(scale[channel]) / (variance / count + epsilon).squareRoot()
                for index in range {
                    output[index] = Float((Double(input[index]) - mean) * factor) + shift[channel]
                }
            }
        }
    }

    /// `x / (bias + alpha / size * sum of squares over size channels) ^ beta`.
    @Sendable
    private static func local(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let extents = try extents(context, parameters: 0..<0)
        let size = try context.requiredInteger("size")
        guard 1...WindowAttributes.extentLimit ~= size else {
            throw context.invalid("size \(size) is out of range")
        }
        let alpha = Double(try context.float("alpha", default: 0.0001))
        let beta = Double(try context.float("beta", default: 0.75))
        let bias = Double(try context.float("bias", default: 1))
        return .kernel(try context.type(0)) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            for plane in 0..<extents.batch * extents.channels {
                let channel = plane % extents.channels
                let first = max(0, channel - (size - 1) / 2)
                let last = min(extents.channels - 1, channel + size / 2)
                for position in 0..<extents.plane {
                    var sum = 0.0
                    for neighbour in first...last {
                        let other = (plane - channel + neighbour) * extents.plane + position
                        sum += Double(input[other]) * Double(input[other])
                    }
                    let index = plane * extents.plane + position
                    let base = bias + alpha / Double(size) * sum
                    output[index] = Float(Double(input[index]) * pow(base, -beta))
                }
            }
        }
    }
}
