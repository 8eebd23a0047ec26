import Imaging

/// Where in the network's input a photo lies, and how its samples become numbers.
struct InputPlacement: Hashable {
    /// Columns of the input.
    let width: Int
    /// Rows of the input.
    let height: Int
    /// The part of the input that the photo fills, in pixels.
    let columns: Range<Int>
    /// The part of the input that the photo fills, in pixels.
    let rows: Range<Int>

    /// Places a photo of some size, whose sides are at least 1.
    init(of photo: PixelSize, _ preprocessing: Preprocessing) {
        width = preprocessing.width
        height = preprocessing.height
        switch preprocessing.fit {
        case .stretch:
            columns = 0..<width
            rows = 0..<height
        case .contain:
            let ratio = min(
                Double(width) / Double(photo.width), Double(height) / Double(photo.height))
            columns = Self.centered(Double(photo.width) * ratio, in: width)
            rows = Self.centered(Double(photo.height) * ratio, in: height)
        }
    }

    private static func centered(_ length: Double, in side: Int) -> Range<Int> {
        let count = min(max(Int(length.rounded()), 1), side)
        let start = (side - count) / 2
        return start..<start + count
    }

    /// The cells of a map over the input whose centres lie on the photo; at least one.
    ///
    /// - Parameters:
    ///   - range: ``columns`` or ``rows``.
    ///   - side: The input's side along them.
    ///   - cellCount: Cells of the map along them.
    static func cells(on range: Range<Int>, of side: Int, cellCount: Int) -> Range<Int> {
        let covered = (0..<cellCount).filter { cell in
            let center = (Double(cell) + 0.5) * Double(side) / Double(cellCount)
            return Double(range.lowerBound) <= center && center <= Double(range.upperBound)
        }
        guard let first = covered.first, let last = covered.last else {
            let middle = (range.lowerBound + range.upperBound) * cellCount / (2 * side)
            let cell = min(middle, cellCount - 1)
            return cell..<cell + 1
        }
        return first..<last + 1
    }
}

/// Writes a picture into the network's input: `(sample - mean) * scale`, planes of R, G and B.
struct InputWriter {
    /// What each sample value becomes, for R, G and B one after the other.
    private let values: [Float]

    init(_ preprocessing: Preprocessing) {
        values = (0..<3).flatMap { channel in
            (0..<256).map { sample in
                Float(
                    (Double(sample) - preprocessing.mean[channel]) * preprocessing.scale[channel])
            }
        }
    }

    /// Fills the whole input; margins around the photo are 0, which is the mean.
    ///
    /// - Parameters:
    ///   - picture: Exactly as large as the placement's part of the input.
    ///   - input: `3 * height * width` elements.
    func write(_ picture: RGBImage, _ placement: InputPlacement, to input: inout MutableSpan<Float>)
    {
        if placement.columns.count < placement.width || placement.rows.count < placement.height {
            for index in input.indices { input[index] = 0 }
        }
        let planeSize = placement.width * placement.height
        for channel in 0..<3 {
            var source = channel
            for row in placement.rows {
                let start = channel * planeSize + row * placement.width
                for column in placement.columns {
                    input[start + column] = values[channel * 256 + Int(picture.pixels[source])]
                    source += 3
                }
            }
        }
    }
}
