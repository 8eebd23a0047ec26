import Foundation

/// Sixty-four bits of what a picture looks like: copies that were encoded anew, resized or
/// brightened differ in few of them, other pictures in about half.
///
/// The picture is reduced to 32x32 brightnesses, whose proportions are given up. Each bit says of
/// one of the low frequencies of their cosine transform (DCT-II) whether it is above the median of
/// all 64: 1 to 8 half waves down, then 1 to 8 across, the most significant bit first. A crop of
/// more than a few per cent, a turn or a mirror image make another picture of it.
///
/// - SeeAlso: Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions",
///   the DCT based hash; the reduction here is by ``RGBImage/resized(to:)``.
public struct PerceptualHash: Hashable, Sendable {
    /// The bits; about half of them are 1.
    public let bits: UInt64

    /// Looks at an upright picture of any size.
    ///
    /// Nil for a picture of nearly one colour: what is left of it is noise.
    ///
    /// - Complexity: O(pixels) for the reduction, 10,000 multiplications for the rest.
    public init?(of image: RGBImage) {
        let side = Self.side
        let plane = BrightnessPlane(
            of: image.resized(to: PixelSize(width: side, height: side)))
        guard plane.deviation >= Self.deviationMinimum else { return nil }
        // Across first, then down.
        var across = [Double](repeating: 0, count: 8 * side)
        for frequency in 0..<8 {
            for row in 0..<side {
                var sum = 0.0
                for column in 0..<side {
                    sum +=
                        Double(plane.samples[row * side + column])
                        * Self.waves[frequency * side + column]
                }
                across[frequency * side + row] = sum
            }
        }
        var strengths: [Double] = []
        for down in 0..<8 {
            for frequency in 0..<8 {
                var sum = 0.0
                for row in 0..<side {
                    sum += across[frequency * side + row] * Self.waves[down * side + row]
                }
                strengths.append(sum)
            }
        }
        let sorted = strengths.sorted()
        let median = (sorted[31] + sorted[32]) / 2
        bits = strengths.reduce(0) { $0 << 1 | ($1 > median ? 1 : 0) }
    }

    /// Pixels of a side of the reduced picture.
    private static let side = 32

    /// Standard deviation of brightness (of 255) below which a picture counts as one colour.
    private static let deviationMinimum = 4.0

    /// Eight cosines of 1 to 8 half waves over the side, one after the other.
    private static let waves: [Double] = (1...8).flatMap { frequency in
        (0..<side).map { cos(.pi * Double(frequency) * (2 * Double($0) + 1) / Double(2 * side)) }
    }
}
