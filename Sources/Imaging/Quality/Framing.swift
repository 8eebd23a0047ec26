/// How the goods lie in a photo with a plain background: how much of it they reach across, and
/// whether its edge cuts them.
///
/// What differs from the colour of the edge is goods, the largest connected part of it the item. Of
/// a photo whose edge is not mostly of one colour nothing is said: there it could only be guessed.
public struct Framing: Hashable, Sendable {
    /// The longer side of the item's box, as a share of the photo's longer side, 0…1.
    public let reach: Double
    /// The largest share of one side of the photo that the item covers, 0…1.
    public let edgeShare: Double
    /// The share of the photo's area that is goods, 0…1.
    public let goodsShare: Double

    /// The longer side on which all is measured, in pixels.
    static let normalizedSide = 64
    /// How far a channel may be from that of the background.
    private static let tolerance = 36
    /// The least share of the edge that has the colour of the background.
    private static let plainShare = 0.7

    /// Measures a picture of any size; nil if its background is not plain or nothing stands out.
    public init?(of image: RGBImage) {
        let small = image.fitted(into: Self.normalizedSide)
        let edge = Self.edge(of: small)
        guard let background = Self.middleColour(of: edge, in: small) else { return nil }
        let isGoods = small.isUnlike(background, tolerance: Self.tolerance)
        let plainCount = edge.count { !isGoods[$0] }
        guard Double(plainCount) >= Self.plainShare * Double(edge.count) else { return nil }
        let item = Self.largestPart(of: isGoods, width: small.width)
        guard !item.isEmpty else { return nil }

        let rows = item.map { $0 / small.width }
        let columns = item.map { $0 % small.width }
        let extents = [rows, columns].map { ($0.max() ?? 0) - ($0.min() ?? 0) + 1 }
        reach = Double(extents.max() ?? 0) / Double(max(small.width, small.height))
        edgeShare =
            [
                Double(rows.count { $0 == 0 }) / Double(small.width),
                Double(rows.count { $0 == small.height - 1 }) / Double(small.width),
                Double(columns.count { $0 == 0 }) / Double(small.height),
                Double(columns.count { $0 == small.width - 1 }) / Double(small.height),
            ].max() ?? 0
        goodsShare = Double(isGoods.count { $0 }) / Double(isGoods.count)
    }

    /// The pixels along the four sides.
    private static func edge(of image: RGBImage) -> [Int] {
        (0..<image.width * image.height).filter {
            let (row, column) = ($0 / image.width, $0 % image.width)
            return row == 0 || column == 0 || row == image.height - 1 || column == image.width - 1
        }
    }

    /// The median of each channel; nil without pixels.
    private static func middleColour(of pixels: [Int], in image: RGBImage) -> [Int]? {
        guard !pixels.isEmpty else { return nil }
        return (0..<3).map { channel in
            pixels.map { Int(image.pixels[$0 * 3 + channel]) }.sorted()[pixels.count / 2]
        }
    }

    /// The pixels of the largest part that hangs together by its sides.
    private static func largestPart(of isGoods: [Bool], width: Int) -> [Int] {
        var isOpen = isGoods
        var largest: [Int] = []
        for start in isOpen.indices where isOpen[start] {
            isOpen[start] = false
            var part = [start]
            var next = 0
            while next < part.count {
                let pixel = part[next]
                next += 1
                var neighbours = [pixel - width, pixel + width]
                if pixel % width > 0 { neighbours.append(pixel - 1) }
                if pixel % width < width - 1 { neighbours.append(pixel + 1) }
                for neighbour in neighbours
                where isOpen.indices.contains(neighbour) && isOpen[neighbour] {
                    isOpen[neighbour] = false
                    part.append(neighbour)
                }
            }
            if part.count > largest.count { largest = part }
        }
        return largest
    }
}

extension RGBImage {
    /// For each pixel whether a channel differs from a colour's by more than `tolerance`.
    fileprivate func isUnlike(_ colour: [Int], tolerance: Int) -> [Bool] {
        (0..<width * height).map { pixel in
            (0..<3).contains { abs(Int(pixels[pixel * 3 + $0]) - colour[$0]) > tolerance }
        }
    }
}
