internal import CKernels

/// Operators of images with channels last, `[batch, height, width, channels]`.
///
/// The ``ArrangeChannelsLast`` pass puts them in place of operators of the file, which have
/// channels first; a file cannot name them.
enum ChannelsLastOperators {
    /// Channels first to channels last.
    static let toChannelsLast = "ToChannelsLast"
    /// Channels last to channels first.
    static let toChannelsFirst = "ToChannelsFirst"
    /// Image, packed weights, and optionally what is added to the output.
    static let convolution = "ConvChannelsLast"
    static let maxPool = "MaxPoolChannelsLast"
    /// The mean of each channel, with channels first again, as there is one pixel left.
    static let mean = "MeanChannelsLast"

    static let definitions = [
        OperatorDefinition(toChannelsLast) { context throws(ModelError) in
            let shape = try context.floatType(0).shape
            let sizes = [shape[0], shape[2], shape[3], shape[1]]
            let (planes, pixels) = (shape[1], shape[2] * shape[3])
            return try transposition(context, sizes, rows: planes, columns: pixels)
        },
        OperatorDefinition(toChannelsFirst) { context throws(ModelError) in
            let shape = try context.floatType(0).shape
            let sizes = [shape[0], shape[3], shape[1], shape[2]]
            let (planes, pixels) = (shape[3], shape[1] * shape[2])
            return try transposition(context, sizes, rows: pixels, columns: planes)
        },
        OperatorDefinition(
            convolution, attributes: WindowAttributes.names.union(["group", "output_channels"]),
            inputs: 2...3, plan: convolve),
        OperatorDefinition(
            maxPool, attributes: WindowAttributes.names.union(["ceil_mode", "storage_order"]),
            plan: maxPool),
        OperatorDefinition(mean, attributes: ["keepdims"], plan: mean),
    ]

    /// Transposes the matrix of each image.
    private static func transposition(
        _ context: NodeContext, _ sizes: [Int], rows: Int, columns: Int
    ) throws(ModelError) -> NodePlan {
        let output = try context.output(.float32, sizes)
        guard rows > 1, columns > 1 else { return .view(output) }
        let batch = sizes[0]
        let count = rows * columns
        return .kernel(output) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            for image in 0..<batch {
                // The views check that each image lies within its value.
                unsafe regrade_transpose_f32(
                    input.pointer(at: image * count, count: count), rows, columns,
                    output.pointer(at: image * count, count: count))
            }
        }
    }

    /// The convolution that a node describes.
    static func problem(_ context: NodeContext) throws(ModelError) -> PixelConvolution {
        let input = try context.floatType(0).shape
        let kernel = try context.integers("kernel_shape") ?? [1, 1]
        let spatial = [input[1], input[2]]
        let window = try WindowAttributes(context, spatial: spatial, kernel: kernel)
        return PixelConvolution(
            batch: input[0], inputChannels: input[3],
            outputChannels: try context.requiredInteger("output_channels"),
            groups: try context.integer("group", default: 1),
            window: PlaneWindow(window, spatial: spatial), activation: context.node.activation)
    }

    @Sendable
    private static func convolve(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let problem = try problem(context)
        let output = try context.output(
            .float32,
            [
                problem.batch, problem.window.outputHeight, problem.window.outputWidth,
                problem.outputChannels,
            ])
        return .kernel(output, scratchFloatCount: problem.scratchFloatCount, problem.kernel)
    }

    @Sendable
    private static func maxPool(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let shape = try context.floatType(0).shape
        let spatial = [shape[1], shape[2]]
        let window = try WindowAttributes(
            context, spatial: spatial, kernel: try context.integers("kernel_shape") ?? [1, 1],
            roundsUp: try context.flag("ceil_mode"))
        let (batch, channels) = (shape[0], shape[3])
        let output = try context.output(.float32, [batch] + window.output + [channels])
        let planeWindow = PlaneWindow(window, spatial: spatial)
        let inputCount = planeWindow.inputCount * channels
        let outputCount = planeWindow.outputCount * channels
        return .kernel(output) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            var argument = planeWindow.kernelArgument
            for image in 0..<batch {
                // The views check that both images lie within their values.
                unsafe regrade_max_pool_pixels_f32(
                    input.pointer(at: image * inputCount, count: inputCount), &argument, channels,
                    output.pointer(at: image * outputCount, count: outputCount))
            }
        }
    }

    @Sendable
    private static func mean(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let shape = try context.floatType(0).shape
        let (batch, pixels, channels) = (shape[0], shape[1] * shape[2], shape[3])
        let keepsDimensions = try context.flag("keepdims", default: true)
        let output = try context.output(
            .float32, [batch, channels] + (keepsDimensions ? [1, 1] : []))
        return .kernel(output) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            for image in 0..<batch {
                // The views check that image and means lie within their values.
                unsafe regrade_mean_pixel_f32(
                    input.pointer(at: image * pixels * channels, count: pixels * channels), pixels,
                    channels, output.pointer(at: image * channels, count: channels))
            }
        }
    }
}
