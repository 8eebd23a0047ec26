/// A picture's brightness: ITU-R BT.601 luma, which needs no colour conversion to compare blur,
/// exposure and glare.
struct BrightnessPlane {
    let width: Int
    let height: Int
    /// Rows from the top, `width * height` samples.
    let samples: [UInt8]

    init(of image: RGBImage) {
        width = image.width
        height = image.height
        var samples = [UInt8](repeating: 0, count: width * height)
        // 77 + 150 + 29 = 256.
        for index in samples.indices {
            let red = UInt32(image.pixels[index * 3])
            let green = UInt32(image.pixels[index * 3 + 1])
            let blue = UInt32(image.pixels[index * 3 + 2])
            samples[index] = UInt8(truncatingIfNeeded: (red * 77 + green * 150 + blue * 29) >> 8)
        }
        self.samples = samples
    }

    /// Mean, 0...255.
    var mean: Double {
        Double(samples.reduce(0) { $0 + Int($1) }) / Double(samples.count)
    }

    /// Standard deviation, 0...127.5.
    var deviation: Double {
        let squares = samples.reduce(0) { $0 + Int($1) * Int($1) }
        let mean = mean
        return max(0, Double(squares) / Double(samples.count) - mean * mean).squareRoot()
    }

    /// The share of samples that satisfy a condition, 0...1.
    func share(where isCounted: (UInt8) -> Bool) -> Double {
        Double(samples.count(where: isCounted)) / Double(samples.count)
    }

    /// Variance of `4 c - left - right - above - below` over the inner pixels; 0 where there are
    /// none.
    var laplacianVariance: Double {
        guard width > 2, height > 2 else { return 0 }
        var sum = 0
        var squares = 0
        for row in 1..<height - 1 {
            for index in row * width + 1..<(row + 1) * width - 1 {
                let neighbours =
                    Int(samples[index - 1]) + Int(samples[index + 1])
                    + Int(samples[index - width]) + Int(samples[index + width])
                let value = 4 * Int(samples[index]) - neighbours
                sum += value
                squares += value * value
            }
        }
        let count = Double((width - 2) * (height - 2))
        let mean = Double(sum) / count
        return max(0, Double(squares) / count - mean * mean)
    }

    /// Samples from `blown` on that lie in a darker neighbourhood, as a share of all.
    ///
    /// The neighbourhood is a square tile; where its mean is bright as well, the surface itself is
    /// white.
    func glareShare(blown: UInt8) -> Double {
        var count = 0
        for top in stride(from: 0, to: height, by: Self.tileSide) {
            for left in stride(from: 0, to: width, by: Self.tileSide) {
                count += glareCount(top: top, left: left, blown: blown)
            }
        }
        return Double(count) / Double(samples.count)
    }

    private func glareCount(top: Int, left: Int, blown: UInt8) -> Int {
        var blownCount = 0
        var sum = 0
        var count = 0
        for row in top..<min(top + Self.tileSide, height) {
            for index in row * width + left..<row * width + min(left + Self.tileSide, width) {
                sum += Int(samples[index])
                count += 1
                if samples[index] >= blown { blownCount += 1 }
            }
        }
        return sum < Self.whiteSurfaceThreshold * count ? blownCount : 0
    }

    /// Side of a neighbourhood, in pixels of the normalised picture: larger than most reflections.
    private static let tileSide = 32

    /// Mean brightness from which a neighbourhood counts as a white surface.
    private static let whiteSurfaceThreshold = 216
}
