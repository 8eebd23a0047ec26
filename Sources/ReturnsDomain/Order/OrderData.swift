/// What the shop states about the order an item belongs to; every member may be absent.
///
/// The names in documents, flags and manifests are those of ``OrderData/Member``.
public struct OrderData: Hashable, Sendable {
    /// The shop's number of the order.
    public var orderID: String?
    /// The shop's number of the product.
    public var sku: String?
    /// The product's category, a word the policy knows, such as `phone`.
    public var category: String?
    /// ISO 3166-1 alpha-2 code of the customer's market, capital letters.
    public var region: String?
    /// What the item is worth.
    public var value: Money?
    /// Why the customer returns it, in the shop's words; see ``ClaimedReason``.
    public var reasonClaimed: ClaimedReason?
    /// What the customer wrote; personal data.
    public var statement: String?
    /// The shop's pseudonym of the customer; personal data.
    public var customerRef: String?
    /// The version of the notice the customer agreed to.
    public var consent: String?
    /// Who brought the item to the customer, as the shop names it, such as `DHL`.
    public var carrier: String?

    /// Creates order data; what is not stated stays absent.
    public init(
        orderID: String? = nil, sku: String? = nil, category: String? = nil, region: String? = nil,
        value: Money? = nil, reasonClaimed: ClaimedReason? = nil, statement: String? = nil,
        customerRef: String? = nil, consent: String? = nil, carrier: String? = nil
    ) {
        self.orderID = orderID
        self.sku = sku
        self.category = category
        self.region = region
        self.value = value
        self.reasonClaimed = reasonClaimed
        self.statement = statement
        self.customerRef = customerRef
        self.consent = consent
        self.carrier = carrier
    }
}

/// Why a customer returns an item, as far as it matters for comparing claim and photos.
public enum ClaimedReason: String, CaseIterable, Codable, Hashable, Sendable {
    /// The item arrived damaged or broke.
    case damaged
    /// The item does not work.
    case defective
    /// The wrong item arrived.
    case wrongItem = "wrong_item"
    /// It does not fit or is not as described.
    case notAsDescribed = "not_as_described"
    /// The customer no longer wants it; it should be as new.
    case unwanted
    /// Anything else.
    case other
}
