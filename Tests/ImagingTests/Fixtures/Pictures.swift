import Imaging

/// Pictures made in code.
enum Pictures {
    /// Sharp in every direction; scripts/judging/reference_pixels.py makes the same.
    static func pattern(_ size: PixelSize) -> RGBImage {
        image(size) { x, y, channel in
            UInt8((x * x * 3 + y * y * 5 + x * y * 7 + channel * 89 + 11) % 256)
        }
    }

    /// Smooth, different in each corner: survives JPEG, shows every turn and mirroring.
    static func gradient(_ size: PixelSize) -> RGBImage {
        image(size) { x, y, channel in
            switch channel {
            case 0: UInt8(x * 255 / max(1, size.width - 1))
            case 1: UInt8(y * 255 / max(1, size.height - 1))
            default: UInt8((x + y) * 255 / max(1, size.width + size.height - 2))
            }
        }
    }

    /// Seeded noise: nothing compresses it away, so bytes of a file spread evenly over its rows.
    static func noise(_ size: PixelSize, seed: UInt64 = 1) -> RGBImage {
        var state = seed
        return image(size) { _, _, _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    /// One colour everywhere.
    static func flat(_ size: PixelSize, _ red: UInt8, _ green: UInt8, _ blue: UInt8) -> RGBImage {
        image(size) { _, _, channel in [red, green, blue][channel] }
    }

    /// A picture from a function of column, row and channel.
    static func image(_ size: PixelSize, _ sample: (Int, Int, Int) -> UInt8) -> RGBImage {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(size.pixelCount * 3)
        for y in 0..<size.height {
            for x in 0..<size.width {
                for channel in 0..<3 { pixels.append(sample(x, y, channel)) }
            }
        }
        return RGBImage(width: size.width, height: size.height, pixels: pixels)
    }
}

extension RGBImage {
    /// The sample in column `x`, row `y` of a channel.
    func sample(_ x: Int, _ y: Int, _ channel: Int) -> UInt8 {
        pixels[(y * width + x) * 3 + channel]
    }

    /// The largest and the mean difference of any two samples; nil where sizes differ.
    func difference(from other: RGBImage) -> (largest: Int, mean: Double)? {
        guard size == other.size else { return nil }
        var largest = 0
        var sum = 0
        for index in pixels.indices {
            let difference = abs(Int(pixels[index]) - Int(other.pixels[index]))
            largest = max(largest, difference)
            sum += difference
        }
        return (largest, Double(sum) / Double(pixels.count))
    }
}
