/// What the shop does for the customer or with the item once an outcome stands.
public enum Remedy: String, CaseIterable, Codable, Hashable, Sendable {
    /// The purchase price goes back to the customer.
    case refund
    /// The customer receives another item.
    case exchange
    /// The customer receives credit for a later purchase.
    case storeCredit = "store_credit"
    /// The item is repaired.
    case repair
    /// The item is sent to the warehouse for a check by hand.
    case warehouse
    /// The item is sold off in bulk.
    case liquidation
    /// The item goes back to the customer; nothing is paid.
    case returnToCustomer = "return_to_customer"
}
