public import ReturnsDomain

/// Photos of what a good item of a product looks like, to be kept and compared with.
public struct ReferenceSubmission: Sendable {
    /// The most photos of one submission.
    public static let photoCountLimit = 64

    /// The product, 1…200 bytes of plain text.
    public let sku: String
    /// Where the photos come from.
    public let role: ReferenceRole
    /// The order whose own item they show; nil if they stand for the product.
    public let orderID: String?
    /// The photos, 1…``photoCountLimit``.
    public let photos: [SubmittedPhoto]

    /// Checks a submission.
    ///
    /// - Throws: ``Failure`` of kind `usage` with code `order_data_invalid`,
    ///   `reference_role_invalid` or `photo_count`.
    public init(
        sku: String, role: ReferenceRole, orderID: String? = nil, photos: [SubmittedPhoto]
    ) throws {
        let stated = [OrderData.Member.sku: sku, .orderID: orderID ?? ""]
        let (order, problems) = OrderData.parsed(stated)
        guard problems.isEmpty, let sku = order.sku else {
            throw Failure(
                .usage, code: "order_data_invalid",
                problems.isEmpty
                    ? "sku: is empty, expected the shop's product number"
                    : problems.map(\.description).joined(separator: "; "))
        }
        guard order.orderID == nil || role == .packing else {
            throw Failure(
                .usage, code: "reference_role_invalid",
                "photos of role \(role.rawValue) stand for the product, so they have no order; "
                    + "those of an order's own item have the role packing")
        }
        guard (1...Self.photoCountLimit).contains(photos.count) else {
            throw Failure(
                .usage, code: "photo_count",
                "there are \(photos.count) photos, expected 1 to \(Self.photoCountLimit)")
        }
        self.sku = sku
        self.role = role
        self.orderID = order.orderID
        self.photos = photos
    }
}
