/// Colours for values in 0...1, from dark violet over red and orange to pale yellow.
///
/// Lightness rises evenly from step to step, so that a larger value also looks larger in grey and
/// to people who do not tell red from green.
enum ColorRamp {
    /// Evenly spaced; CIE L* is about 10, 25, 40, 55, 70, 85, 95.
    private static let anchors: [(red: Float, green: Float, blue: Float)] = [
        (40, 11, 84), (101, 21, 110), (159, 42, 99), (212, 72, 66), (245, 125, 21),
        (250, 193, 39), (252, 255, 164),
    ]

    /// The colour of a value in 0...1, each channel in 0...255.
    static func color(_ value: Float) -> (red: Float, green: Float, blue: Float) {
        let position = value * Float(anchors.count - 1)
        let low = min(Int(position), anchors.count - 2)
        let share = position - Float(low)
        let from = anchors[low]
        let to = anchors[low + 1]
        return (
            from.red + (to.red - from.red) * share,
            from.green + (to.green - from.green) * share,
            from.blue + (to.blue - from.blue) * share
        )
    }
}
