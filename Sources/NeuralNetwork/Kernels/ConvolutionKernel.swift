internal import CKernels

/// A convolution over planes, computed by the cheapest of three methods.
///
/// Layouts: input `[batch, inputChannels, height, width]`, weights
/// `[outputChannels, inputChannels / groups, kernelHeight, kernelWidth]`, bias `[outputChannels]`.
struct ConvolutionKernel: Sendable {
    let batch: Int
    let inputChannels: Int
    let outputChannels: Int
    let groups: Int
    let window: PlaneWindow
    let activation: Activation

    /// Elements of unfolded input and of output held at a time: half of a 1 MiB second-level cache.
    private static let panelElementTarget = 1 << 17
    /// Narrower panels leave the matrix product's inner loops idle.
    private static let panelWidthMinimum = 128

    private var isDepthwise: Bool { groups == inputChannels && groups > 1 }
    private var groupInputs: Int { inputChannels / groups }
    private var groupOutputs: Int { outputChannels / groups }
    private var depth: Int { groupInputs * window.kernelCount }

    /// Output pixels computed per matrix product.
    private var panelWidth: Int {
        let rows = depth + groupOutputs
        let width = max(Self.panelWidthMinimum, Self.panelElementTarget / max(1, rows))
        return max(1, min(width, window.outputCount))
    }

    var scratchFloatCount: Int {
        if window.outputCount == 0 { return 0 }
        if isDepthwise {
            return unsafe withUnsafePointer(to: window.kernelArgument) {
                unsafe regrade_depthwise_scratch_count($0)
            }
        }
        return window.isPointwise ? 0 : depth * panelWidth
    }

    var kernel: Kernel {
        guard batch > 0, window.outputCount > 0 else { return { _ in } }
        return { arguments in
            isDepthwise ? runDepthwise(arguments) : runAsMatrixProducts(arguments)
        }
    }

    /// Each output plane depends on one input plane.
    private func runDepthwise(_ arguments: KernelArguments) {
        let input = arguments.input(0, as: Float.self)
        let weights = arguments.input(1, as: Float.self)
        let bias = arguments.optionalInput(2, as: Float.self)
        let output = arguments.output(0, as: Float.self)
        var planeWindow = window.kernelArgument
        let scratchPointer = unsafe arguments.scratch.pointer(count: scratchFloatCount)
        for image in 0..<batch {
            for channel in 0..<outputChannels {
                let inputPlane = image * inputChannels + channel / groupOutputs
                let outputPlane = image * outputChannels + channel
                // The views check that each plane lies within its value.
                unsafe regrade_depthwise_f32(
                    input.pointer(
                        at: inputPlane * window.inputCount, count: window.inputCount),
                    weights.pointer(
                        at: channel * window.kernelCount, count: window.kernelCount),
                    bias?[channel] ?? 0, activation.kernelArgument, &planeWindow,
                    output.pointer(
                        at: outputPlane * window.outputCount, count: window.outputCount),
                    scratchPointer)
            }
        }
    }

    /// `output = weights * unfolded input`, panel by panel, so that a panel is still in the cache
    /// when bias and activation are applied.
    private func runAsMatrixProducts(_ arguments: KernelArguments) {
        let weights = arguments.input(1, as: Float.self)
        let bias = arguments.optionalInput(2, as: Float.self)
        let output = arguments.output(0, as: Float.self)
        let input = arguments.input(0, as: Float.self)
        let scratch = arguments.scratch
        for image in 0..<batch {
            for group in 0..<groups {
                let inputOffset =
                    (image * inputChannels + group * groupInputs) * window.inputCount
                let outputOffset =
                    (image * outputChannels + group * groupOutputs) * window.outputCount
                var first = 0
                while first < window.outputCount {
                    let width = min(panelWidth, window.outputCount - first)
                    var product = MatrixProduct(
                        rows: groupOutputs, columns: width, depth: depth, rowStepA: depth,
                        rowStepB: window.inputCount, rowStepC: window.outputCount)
                    let offsetA = group * groupOutputs * depth
                    let offsetC = outputOffset + first
                    if window.isPointwise {
                        product.run(
                            a: weights, offsetA: offsetA, b: input, offsetB: inputOffset + first,
                            c: output, offsetC: offsetC)
                    } else {
                        unfold(input, at: inputOffset, first: first, width: width, to: scratch)
                        product.rowStepB = width
                        product.run(
                            a: weights, offsetA: offsetA, b: scratch, c: output, offsetC: offsetC)
                    }
                    applyBiasAndActivation(
                        to: output, at: offsetC, width: width, bias: bias,
                        firstChannel: group * groupOutputs)
                    first += width
                }
            }
        }
    }

    private func unfold(
        _ input: ElementBuffer<Float>, at offset: Int, first: Int, width: Int,
        to columns: ElementBuffer<Float>
    ) {
        var planeWindow = window.kernelArgument
        // The views check both ranges; the C loop stays within the window's planes.
        unsafe regrade_unfold_f32(
            input.pointer(at: offset, count: groupInputs * window.inputCount), groupInputs,
            &planeWindow, first, width, columns.pointer(count: depth * width))
    }

    private func applyBiasAndActivation(
        to output: ElementBuffer<Float>, at offset: Int, width: Int,
        bias: ElementBuffer<Float>?, firstChannel: Int
    ) {
        if bias == nil && activation == .identity { return }
        let count = (groupOutputs - 1) * window.outputCount + width
        unsafe regrade_bias_activation_f32(
            output.pointer(at: offset, count: count), groupOutputs, width, window.outputCount,
            bias?.pointer(at: firstChannel, count: groupOutputs), activation.kernelArgument)
    }
}
