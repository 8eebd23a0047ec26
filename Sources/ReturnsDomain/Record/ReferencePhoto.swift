/// Names reference photos.
public enum ReferencePhotoKind: IdentifierKind {
    /// `ref`.
    public static var prefix: String { "ref" }
}

/// Names one reference photo: `ref_…`.
public typealias ReferencePhotoID = Identifier<ReferencePhotoKind>

/// Where a photo of what a good item looks like comes from.
public enum ReferenceRole: String, CaseIterable, Codable, Hashable, Sendable {
    /// A picture of the shop's catalogue.
    case catalogue
    /// Taken when an item was packed.
    case packing
    /// An item known to be in order, such as a return that was resold.
    case pristine
}

/// A photo of what a good item of a product looks like, as it is kept.
public struct ReferencePhoto: Codable, Hashable, Sendable {
    /// Names it.
    public let id: ReferencePhotoID
    /// The product it shows.
    public let sku: String
    /// Where it comes from.
    public let role: ReferenceRole
    /// Which side it shows.
    public let view: PhotoView
    /// The order whose own item it shows; nil for one that stands for the product.
    public let orderID: String?
    /// The inspection it was taken from; nil if it was added by itself.
    public let inspection: InspectionID?
    /// SHA-256 of the bytes received.
    public let sha256: ContentHash
    /// `jpeg` or `png`.
    public let format: String
    /// Width of the upright photo at full size, in pixels.
    public let width: Int
    /// Height of the upright photo at full size, in pixels.
    public let height: Int
    /// How many bytes are kept, metadata cut.
    public let byteCount: Int
    /// When it was added.
    public let addedAt: Timestamp
    /// Who added it, as in the audit log: `operator host`, `key key_…`, `reviewer rvw_…`.
    public let addedBy: String
    /// The version of the product's references that it came with, from 1.
    public let version: Int

    private enum CodingKeys: String, CodingKey {
        case id, sku, role, view, inspection, sha256, format, width, height, version
        case orderID = "order_id"
        case byteCount = "byte_count"
        case addedAt = "added_at"
        case addedBy = "added_by"
    }

    /// Describes a kept photo.
    public init(
        id: ReferencePhotoID, sku: String, role: ReferenceRole, view: PhotoView, orderID: String?,
        inspection: InspectionID?, sha256: ContentHash, format: String, width: Int, height: Int,
        byteCount: Int, addedAt: Timestamp, addedBy: String, version: Int
    ) {
        self.id = id
        self.sku = sku
        self.role = role
        self.view = view
        self.orderID = orderID
        self.inspection = inspection
        self.sha256 = sha256
        self.format = format
        self.width = width
        self.height = height
        self.byteCount = byteCount
        self.addedAt = addedAt
        self.addedBy = addedBy
        self.version = version
    }
}

/// A photo to add to a product's references.
public struct NewReferencePhoto: Sendable {
    /// Where it comes from.
    public let role: ReferenceRole
    /// The order whose own item it shows; nil for one that stands for the product.
    public let orderID: String?
    /// The inspection it was taken from, if any.
    public let inspection: InspectionID?
    /// The photo, with the bytes to keep.
    public let photo: ReceivedPhoto

    /// Describes a photo to add.
    public init(
        role: ReferenceRole, orderID: String? = nil, inspection: InspectionID? = nil,
        photo: ReceivedPhoto
    ) {
        self.role = role
        self.orderID = orderID
        self.inspection = inspection
        self.photo = photo
    }
}

/// A product that has, or had, reference photos.
public struct ReferenceProduct: Codable, Hashable, Sendable {
    /// The product.
    public let sku: String
    /// Counts every change of its reference photos, from 1.
    public let version: Int
    /// How many photos stand for the product.
    public let photoCount: Int
    /// How many show the own item of an order.
    public let orderPhotoCount: Int
    /// When they were changed last.
    public let changedAt: Timestamp

    private enum CodingKeys: String, CodingKey {
        case sku, version
        case photoCount = "photo_count"
        case orderPhotoCount = "order_photo_count"
        case changedAt = "changed_at"
    }

    /// Describes a product.
    public init(
        sku: String, version: Int, photoCount: Int, orderPhotoCount: Int, changedAt: Timestamp
    ) {
        self.sku = sku
        self.version = version
        self.photoCount = photoCount
        self.orderPhotoCount = orderPhotoCount
        self.changedAt = changedAt
    }
}

/// What was asked to be added to a product's references, and what is there now.
public struct AddedReferences: Sendable {
    /// The photos, in the order they were given; those that were there before too.
    public let photos: [ReferencePhoto]
    /// How many of them were not there before.
    public let newCount: Int

    /// Describes what was added.
    public init(photos: [ReferencePhoto], newCount: Int) {
        self.photos = photos
        self.newCount = newCount
    }
}

/// Which of a product's reference photos are meant.
public enum ReferenceSelection: Hashable, Sendable {
    /// All that stand for the product, and those of its orders' own items.
    case all
    /// One photo.
    case photo(ReferencePhotoID)
    /// Those of an order's own item.
    case order(String)
}
