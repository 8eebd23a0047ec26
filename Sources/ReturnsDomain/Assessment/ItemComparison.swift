/// How an item's photos compare with reference photos of its product.
public struct ItemComparison: Codable, Hashable, Sendable {
    /// The product compared with.
    public let sku: String
    /// How many reference photos show the view of ``photo``.
    public let referenceCount: Int
    /// How unlike the references ``photo`` is, at least 0; higher is less like them.
    public let score: Double
    /// The share of good items at least this unlike, above 0 and at most 1; an item of several
    /// photos is as unlike as its least likely one, times their number.
    public let pValue: Double
    /// Whether any photo shows a view that the references show.
    public let comparable: Bool
    /// The index of the photo that is least like the references.
    public let photo: Int
    /// The least that ``pValue`` could have been with so many references, above 0 and at most 1.
    public let leastPValue: Double
    /// Where that photo is unlike the references; nil if nowhere.
    public let region: PhotoRegion?
    /// Whether the photos are as much like this product as like others.
    public let isRightItem: Bool
    /// Against the item's own photos from when it was packed; nil if there are none that show the
    /// same views.
    public let sincePacking: SincePacking?

    /// What changed since the item was packed.
    public struct SincePacking: Codable, Hashable, Sendable {
        /// How many photos were taken when it was packed.
        public let photoCount: Int
        /// Whether a photo is unlike those.
        public let isChanged: Bool
        /// The index of the photo that is least like them.
        public let photo: Int
        /// Where it is unlike them; nil if nowhere.
        public let region: PhotoRegion?

        private enum CodingKeys: String, CodingKey {
            case photo, region
            case photoCount = "photo_count"
            case isChanged = "changed"
        }

        /// Creates the finding.
        public init(photoCount: Int, isChanged: Bool, photo: Int, region: PhotoRegion?) {
            self.photoCount = photoCount
            self.isChanged = isChanged
            self.photo = photo
            self.region = region
        }
    }

    private enum CodingKeys: String, CodingKey {
        case sku, score, comparable, photo, region
        case referenceCount = "reference_count"
        case pValue = "p_value"
        case leastPValue = "least_p_value"
        case isRightItem = "right_item"
        case sincePacking = "since_packing"
    }

    /// Creates a comparison.
    public init(
        sku: String, referenceCount: Int, score: Double, pValue: Double, comparable: Bool,
        photo: Int, leastPValue: Double, region: PhotoRegion?, isRightItem: Bool,
        sincePacking: SincePacking?
    ) {
        self.sku = sku
        self.referenceCount = referenceCount
        self.score = score
        self.pValue = pValue
        self.comparable = comparable
        self.photo = photo
        self.leastPValue = leastPValue
        self.region = region
        self.isRightItem = isRightItem
        self.sincePacking = sincePacking
    }
}

/// A rectangle in an upright photo, as shares of its sides.
public struct PhotoRegion: Codable, Hashable, Sendable {
    /// From the left edge, 0…1.
    public let x: Double
    /// From the upper edge, 0…1.
    public let y: Double
    /// Above 0 and at most 1 − ``x``.
    public let width: Double
    /// Above 0 and at most 1 − ``y``.
    public let height: Double

    /// Creates a rectangle.
    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

extension HeatMap {
    /// The rectangle around all cells at or above a value; nil if there is none.
    public func region(atLeast value: Float) -> PhotoRegion? {
        let cells = values.indices.filter { values[$0] >= value }
        guard let first = cells.first, let last = cells.last else { return nil }
        let columns = cells.map { $0 % width }
        let (left, right) = (columns.min() ?? 0, columns.max() ?? 0)
        let (top, bottom) = (first / width, last / width)
        return PhotoRegion(
            x: Double(left) / Double(width), y: Double(top) / Double(height),
            width: Double(right - left + 1) / Double(width),
            height: Double(bottom - top + 1) / Double(height))
    }
}
