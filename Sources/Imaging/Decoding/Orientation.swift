/// How a stored picture must be turned to stand upright: the EXIF tag 0x0112.
///
/// The names say where the stored picture's first row and first column belong.
/// - SeeAlso: CIPA DC-008 (Exif 2.32), section 4.6.4 A, Orientation.
public enum Orientation: Int, CaseIterable, Hashable, Sendable, Codable {
    /// 1: already upright.
    case topLeft = 1
    /// 2: mirrored left to right.
    case topRight
    /// 3: turned by half.
    case bottomRight
    /// 4: mirrored top to bottom.
    case bottomLeft
    /// 5: mirrored at the main diagonal.
    case leftTop
    /// 6: to be turned a quarter clockwise.
    case rightTop
    /// 7: mirrored at the other diagonal.
    case rightBottom
    /// 8: to be turned a quarter counterclockwise.
    case leftBottom

    /// The orientation of a tag's value; 0, 9 and everything else mean upright.
    public init(tag: Int) {
        self = Orientation(rawValue: tag) ?? .topLeft
    }

    /// Whether rows become columns.
    public var swapsSides: Bool { rawValue >= Orientation.leftTop.rawValue }

    /// The upright size of a picture stored with `size`.
    public func upright(_ size: PixelSize) -> PixelSize { swapsSides ? size.transposed : size }

    /// Where stored pixels go in the upright picture.
    struct Placement: Hashable {
        /// Byte offset of the stored picture's first pixel.
        var origin: Int
        /// Bytes from a stored pixel to its right neighbour.
        var columnStep: Int
        /// Bytes from a stored pixel to the one below.
        var rowStep: Int
    }

    /// The placement of stored pixels in an upright RGB picture of `upright` pixels.
    func placement(upright: PixelSize) -> Placement {
        let pixel = 3
        let row = upright.width * pixel
        let right = (upright.width - 1) * pixel
        let bottom = (upright.height - 1) * row
        return switch self {
        case .topLeft: Placement(origin: 0, columnStep: pixel, rowStep: row)
        case .topRight: Placement(origin: right, columnStep: -pixel, rowStep: row)
        case .bottomRight: Placement(origin: right + bottom, columnStep: -pixel, rowStep: -row)
        case .bottomLeft: Placement(origin: bottom, columnStep: pixel, rowStep: -row)
        case .leftTop: Placement(origin: 0, columnStep: row, rowStep: pixel)
        case .rightTop: Placement(origin: right, columnStep: row, rowStep: -pixel)
        case .rightBottom: Placement(origin: right + bottom, columnStep: -row, rowStep: -pixel)
        case .leftBottom: Placement(origin: bottom, columnStep: -row, rowStep: pixel)
        }
    }
}
