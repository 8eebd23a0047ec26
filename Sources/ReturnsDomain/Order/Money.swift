/// An amount in the currency's smallest unit, such as cents; never a floating-point number.
public struct Money: Codable, Hashable, Sendable {
    /// The amount in minor units, at least 0.
    public let minorUnits: Int
    /// The ISO 4217 code: three capital letters.
    public let currency: String

    /// Creates an amount; see ``OrderData/problems()`` for the checks on amounts from outside.
    public init(minorUnits: Int, currency: String) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    private enum CodingKeys: String, CodingKey {
        case minorUnits = "minor_units"
        case currency
    }
}
