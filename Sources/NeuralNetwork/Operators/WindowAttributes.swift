/// Kernel size, strides, dilations and padding, resolved for one input shape.
///
/// Convolutions and pools share these attributes and their rules (ONNX specification, operator
/// `Conv` and `AveragePool`). Lists have one element per spatial dimension.
struct WindowAttributes: Sendable, Hashable {
    static let names: Set<String> = ["auto_pad", "dilations", "kernel_shape", "pads", "strides"]
    /// Larger kernels, strides, dilations and paddings than any network has; keeps sums exact.
    static let extentLimit = 1 << 20

    let kernel: [Int]
    let strides: [Int]
    let dilations: [Int]
    let padsBefore: [Int]
    let padsAfter: [Int]
    let output: [Int]

    /// - Parameters:
    ///   - spatial: The input's sizes without batch and channels.
    ///   - kernel: The window's sizes.
    ///   - roundsUp: Whether a last, partial step counts (attribute `ceil_mode`).
    init(
        _ context: NodeContext, spatial: [Int], kernel: [Int], roundsUp: Bool = false
    ) throws(ModelError) {
        let rank = spatial.count
        let strides = try context.integers("strides") ?? Array(repeating: 1, count: rank)
        let dilations = try context.integers("dilations") ?? Array(repeating: 1, count: rank)
        let pads = try context.integers("pads") ?? Array(repeating: 0, count: 2 * rank)
        guard kernel.count == rank, strides.count == rank, dilations.count == rank,
            pads.count == 2 * rank
        else {
            throw context.invalid("window attributes do not have \(rank) spatial dimensions")
        }
        guard (kernel + strides + dilations).allSatisfy({ 1...Self.extentLimit ~= $0 }),
            pads.allSatisfy({ 0...Self.extentLimit ~= $0 })
        else { throw context.invalid("a window attribute is out of range") }
        var before: [Int] = []
        var after: [Int] = []
        var output: [Int] = []
        let automatic = try context.string("auto_pad", default: "NOTSET")
        for index in 0..<rank {
            let extent = (kernel[index] - 1) * dilations[index] + 1
            guard extent <= Self.extentLimit else {
                throw context.invalid("the window's extent \(extent) is out of range")
            }
            var size = 0
            var pad = (before: pads[index], after: pads[rank + index])
            switch automatic {
            case "NOTSET", "VALID":
                if automatic == "VALID" { pad = (0, 0) }
                let room = spatial[index] + pad.before + pad.after - extent
                guard room >= 0 else { throw context.invalid("the window exceeds its input") }
                size = room / strides[index] + 1
                if roundsUp, room % strides[index] != 0,
                    size * strides[index] < spatial[index] + pad.before
                {
                    // A window that would start in the padding behind the input does not count.
                    size += 1
                }
            case "SAME_UPPER", "SAME_LOWER":
                size = (spatial[index] + strides[index] - 1) / strides[index]
                let total = max(0, (size - 1) * strides[index] + extent - spatial[index])
                let smaller = total / 2
                pad =
                    automatic == "SAME_UPPER"
                    ? (smaller, total - smaller) : (total - smaller, smaller)
            default:
                throw context.invalid("auto_pad has the unknown value \(automatic)")
            }
            before.append(pad.before)
            after.append(pad.after)
            output.append(size)
        }
        self.kernel = kernel
        self.strides = strides
        self.dilations = dilations
        padsBefore = before
        padsAfter = after
        self.output = output
    }
}
