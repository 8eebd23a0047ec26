internal import CKernels

/// Which source samples make each target sample along one axis, and by how much.
///
/// The filter is a triangle that reaches one target pixel to either side. On shrinking it is
/// stretched by the ratio, so that every source sample counts (antialiasing); on growing it is
/// linear interpolation. Samples lie at pixel centres; at the border the filter is cut and
/// normalised again. This is what Pillow's `Image.resize(size, Image.BILINEAR)` means, which
/// models are usually trained with.
struct ResizeWeights {
    /// Weights are integers of this many fractional bits.
    ///
    /// 8 bits of sample and 22 of weight make
    /// sums below 2³⁰, as the weights of one target sample add up to one.
    static let fractionBitCount: Int32 = 22

    /// Room for weights of each target sample; not all of it is used at the borders.
    let tapLimit: Int
    /// The first source index of each target sample.
    let starts: [Int]
    /// How many source samples follow from there, at most ``tapLimit``.
    let counts: [Int]
    /// `tapLimit` weights for each target sample, one after the other.
    let weights: [Int32]

    /// - Parameters:
    ///   - sourceCount: Samples along the axis, at least 1.
    ///   - targetCount: Samples wanted, at least 1.
    init(sourceCount: Int, targetCount: Int) {
        let ratio = Double(sourceCount) / Double(targetCount)
        let reach = max(ratio, 1)
        tapLimit = Int(reach.rounded(.up)) * 2 + 1
        var starts: [Int] = []
        var counts: [Int] = []
        var weights = [Int32](repeating: 0, count: targetCount * tapLimit)
        for target in 0..<targetCount {
            let center = (Double(target) + 0.5) * ratio
            let start = max(0, Int(center - reach + 0.5))
            let end = min(sourceCount, Int(center + reach + 0.5))
            let shares = (start..<end).map { source in
                max(0, 1 - abs((Double(source) + 0.5 - center) / reach))
            }
            let total = shares.reduce(0, +)
            let one = Double(1 << Self.fractionBitCount)
            for (tap, share) in shares.enumerated() {
                weights[target * tapLimit + tap] = Int32((share / total * one).rounded())
            }
            starts.append(start)
            counts.append(shares.count)
        }
        self.starts = starts
        self.counts = counts
        self.weights = weights
    }

    /// Calls `body` with the table in the words of ``CKernels``.
    func withKernelArgument<Answer>(
        _ body: (UnsafePointer<regrade_resize_table>) -> Answer
    ) -> Answer {
        unsafe starts.withUnsafeBufferPointer { starts in
            unsafe counts.withUnsafeBufferPointer { counts in
                unsafe weights.withUnsafeBufferPointer { weights in
                    var table = unsafe regrade_resize_table(
                        target_count: starts.count, tap_limit: tapLimit,
                        starts: starts.baseAddress, counts: counts.baseAddress,
                        weights: weights.baseAddress)
                    return unsafe body(&table)
                }
            }
        }
    }
}
