internal import CKernels

/// A window over image planes; one-dimensional ones are planes of height one.
struct PlaneWindow: Sendable, Hashable {
    let inputHeight, inputWidth: Int
    let outputHeight, outputWidth: Int
    let kernelHeight, kernelWidth: Int
    let strideY, strideX: Int
    let dilationY, dilationX: Int
    let padTop, padLeft: Int

    /// - Precondition: One or two spatial dimensions.
    init(_ window: WindowAttributes, spatial: [Int]) {
        func pair(_ values: [Int], filler: Int) -> (Int, Int) {
            values.count == 1 ? (filler, values[0]) : (values[0], values[1])
        }
        (inputHeight, inputWidth) = pair(spatial, filler: 1)
        (outputHeight, outputWidth) = pair(window.output, filler: 1)
        (kernelHeight, kernelWidth) = pair(window.kernel, filler: 1)
        (strideY, strideX) = pair(window.strides, filler: 1)
        (dilationY, dilationX) = pair(window.dilations, filler: 1)
        (padTop, padLeft) = pair(window.padsBefore, filler: 0)
    }

    var inputCount: Int { inputHeight * inputWidth }
    var outputCount: Int { outputHeight * outputWidth }
    var kernelCount: Int { kernelHeight * kernelWidth }

    /// Rows and columns that windows reach, with the padding.
    var paddedHeight: Int { (outputHeight - 1) * strideY + (kernelHeight - 1) * dilationY + 1 }
    var paddedWidth: Int { (outputWidth - 1) * strideX + (kernelWidth - 1) * dilationX + 1 }

    /// Whether output pixels are input pixels, so that no unfolding is needed.
    var isPointwise: Bool {
        kernelCount == 1 && strideX == 1 && strideY == 1 && padTop == 0 && padLeft == 0
            && inputHeight == outputHeight && inputWidth == outputWidth
    }

    var kernelArgument: regrade_window {
        regrade_window(
            input_height: inputHeight, input_width: inputWidth, output_height: outputHeight,
            output_width: outputWidth, kernel_height: kernelHeight, kernel_width: kernelWidth,
            stride_y: strideY, stride_x: strideX, dilation_y: dilationY, dilation_x: dilationX,
            pad_top: padTop, pad_left: padLeft)
    }
}
