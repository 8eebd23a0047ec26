internal import CKernels

/// A convolution with channels last: see `pixels.c` for how it is computed.
///
/// Layouts: input `[batch, height, width, inputChannels]`, output likewise; weights and bias are
/// packed by ``packedWeights(_:bias:)``.
struct PixelConvolution: Sendable {
    let batch: Int
    let inputChannels: Int
    let outputChannels: Int
    let groups: Int
    let window: PlaneWindow
    let activation: Activation

    var isDepthwise: Bool {
        groups > 1 && groups == inputChannels && groups == outputChannels
    }

    /// Whether it is worth its while, and its scratch memory is of sane size.
    ///
    /// A group of one input channel and several outputs would use one lane in sixteen. Of images
    /// of few pixels nothing is gained, as each tile covers several.
    var isSuitable: Bool {
        let isThin = inputChannels == groups && groups > 1 && !isDepthwise
        let padded =
            Double(window.paddedHeight) * Double(window.paddedWidth) * Double(inputChannels)
        return !isThin && batch > 0 && window.outputCount >= 4
            && padded <= Double(ModelLimits.tensorElementLimit)
    }

    var packedCount: Int {
        unsafe withUnsafePointer(to: argument) { unsafe regrade_packed_count($0) }
    }

    var scratchFloatCount: Int {
        unsafe withUnsafePointer(to: argument) { unsafe regrade_pixel_scratch_count($0) }
    }

    /// Lays out weights `[outputChannels, inputChannels / groups, kernelHeight, kernelWidth]` and
    /// bias in the order in which ``kernel`` reads them.
    func packedWeights(_ weights: [Float], bias: [Float]?) -> [Float] {
        precondition(
            weights.count == outputChannels * (inputChannels / groups) * window.kernelCount
                && (bias ?? weights).count >= outputChannels, "weights of another size")
        let count = packedCount
        return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            // The capacity is what the packing function writes.
            guard let packed = buffer.baseAddress else { return }
            unsafe withUnsafePointer(to: argument) { problem in
                if let bias {
                    unsafe regrade_pack_weights_f32(problem, weights, bias, packed)
                } else {
                    unsafe regrade_pack_weights_f32(problem, weights, nil, packed)
                }
            }
            initializedCount = count
        }
    }

    /// Reads the image, the packed weights and, if present, what is added to each output.
    var kernel: Kernel {
        let (packedCount, scratchCount) = (packedCount, scratchFloatCount)
        let inputCount = window.inputCount * inputChannels
        let outputCount = window.outputCount * outputChannels
        return { arguments in
            let input = arguments.input(0, as: Float.self)
            let weights = arguments.input(1, as: Float.self)
            let addend = arguments.optionalInput(2, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            var problem = argument
            for image in 0..<batch {
                // The views check that each image lies within its value.
                unsafe regrade_convolve_pixels_f32(
                    &problem, input.pointer(at: image * inputCount, count: inputCount),
                    weights.pointer(count: packedCount),
                    addend?.pointer(at: image * outputCount, count: outputCount),
                    output.pointer(at: image * outputCount, count: outputCount),
                    arguments.scratch.pointer(count: scratchCount))
            }
        }
    }

    private var argument: regrade_pixel_convolution {
        regrade_pixel_convolution(
            window: window.kernelArgument, input_channels: inputChannels,
            output_channels: outputChannels, groups: groups,
            activation: activation.kernelArgument)
    }
}
