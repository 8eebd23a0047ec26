/// Draws a heat map over a picture.
public struct HeatMapOverlay: Hashable, Sendable {
    /// How much of a pixel the colour of the value 1 covers, 0...1.
    ///
    /// The value 0 covers nothing.
    public var opacity: Float

    /// Creates an overlay; the default leaves what lies below readable.
    public init(opacity: Float = 0.65) {
        self.opacity = min(max(opacity, 0), 1)
    }

    /// The picture with the map over it, each map cell stretched over its part of the picture.
    ///
    /// - Complexity: O(pixels of the picture).
    public func drawn(_ map: HeatMap, over image: RGBImage) -> RGBImage {
        var pixels = image.pixels
        for row in 0..<image.height {
            let y = (Float(row) + 0.5) / Float(image.height)
            for column in 0..<image.width {
                let x = (Float(column) + 0.5) / Float(image.width)
                let value = map.value(x: x, y: y)
                let color = ColorRamp.color(value)
                let cover = value * opacity
                let start = (row * image.width + column) * 3
                pixels[start] = Self.blend(pixels[start], color.red, cover)
                pixels[start + 1] = Self.blend(pixels[start + 1], color.green, cover)
                pixels[start + 2] = Self.blend(pixels[start + 2], color.blue, cover)
            }
        }
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }

    private static func blend(_ sample: UInt8, _ color: Float, _ cover: Float) -> UInt8 {
        UInt8((Float(sample) + (color - Float(sample)) * cover).rounded())
    }
}
