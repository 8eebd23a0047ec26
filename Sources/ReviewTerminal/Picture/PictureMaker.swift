package import Imaging

/// How pictures reach the terminal.
package enum PictureProtocol: Hashable, Sendable {
    /// Kitty's graphics protocol; `cell` is one cell in pixels.
    case kitty(cell: PixelSize)
    /// The upper half block with two colours.
    case halfBlocks
    /// Not at all: too few colours.
    case none
}

/// Scales pictures to the cells they are shown in.
package enum PictureMaker {
    /// More pixels than this on a side cost time over ssh and show nothing more.
    package static let sideLimit = 800

    /// The picture in the largest size that fits the place with its proportions kept.
    ///
    /// - Returns: Nil where the terminal shows no pictures, or the PNG cannot be written.
    package static func prepared(
        _ image: RGBImage, in place: CellSize, by pictures: PictureProtocol
    ) -> PreparedPicture? {
        switch pictures {
        case .none: return nil
        case .halfBlocks:
            let size = fitted(
                image.size, into: PixelSize(width: place.columns, height: place.rows * 2))
            let rows = (size.height + 1) / 2
            let scaled = image.resized(to: PixelSize(width: size.width, height: rows * 2))
            return .halfBlocks(
                CellSize(columns: size.width, rows: rows), pixels: colors(of: scaled))
        case .kitty(let cell):
            let room = PixelSize(
                width: place.columns * cell.width, height: place.rows * cell.height)
            let shown = fitted(image.size, into: room)
            let cells = CellSize(
                columns: min(place.columns, (shown.width + cell.width - 1) / cell.width),
                rows: min(place.rows, (shown.height + cell.height - 1) / cell.height))
            let limit = PixelSize(
                width: min(shown.width, sideLimit), height: min(shown.height, sideLimit))
            let sent = fitted(image.size, into: limit)
            let scaled = sent.width < image.width ? image.resized(to: sent) : image
            guard let bytes = try? PNGEncoder().encode(scaled) else { return nil }
            return .png(cells, bytes: bytes)
        }
    }

    /// The largest size of the same proportions, each side at least 1.
    private static func fitted(_ size: PixelSize, into room: PixelSize) -> PixelSize {
        let scale = min(
            Double(room.width) / Double(size.width), Double(room.height) / Double(size.height))
        return PixelSize(
            width: min(room.width, max(1, Int((Double(size.width) * scale).rounded()))),
            height: min(room.height, max(1, Int((Double(size.height) * scale).rounded()))))
    }

    private static func colors(of image: RGBImage) -> [RGBColor] {
        stride(from: 0, to: image.pixels.count, by: 3).map {
            RGBColor(
                red: image.pixels[$0], green: image.pixels[$0 + 1], blue: image.pixels[$0 + 2])
        }
    }
}
