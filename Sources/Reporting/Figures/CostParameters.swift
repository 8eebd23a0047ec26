/// What things cost, as the shop states it: one file, one version, cited by every report.
///
/// Amounts are major units of ``currency``; shares are 0…1 of the item's value.
public struct CostParameters: Codable, Hashable, Sendable {
    /// `regrade.costs/1`.
    public static let schemaName = "regrade.costs/1"

    /// The schema of the file.
    public let schema: String
    /// What reports cite.
    public let id: String
    /// ISO 4217.
    public let currency: String
    /// Computing one photo.
    public let computePerPhoto: Double
    /// An hour of a reviewer.
    public let reviewerHour: Double
    /// Keeping one return's photos and documents.
    public let storagePerReturn: Double
    /// Sending the item on, by the outcome's word.
    public let shipping: [String: Double]
    /// What the item loses in value, by the outcome's word, 0…1.
    public let writeDown: [String: Double]
    /// What a wrong outcome costs, 0…1 of the value: by what it should have been, then by what it
    /// was.
    public let misroute: [String: [String: Double]]
    /// What introducing the program cost; nil if not stated.
    public let implementation: Double?
    /// What refunds were saved by it; nil if not stated.
    public let refundSavings: Double?
    /// What customers who stay are worth more; nil if not stated.
    public let lifetimeValueIncrease: Double?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case schema, id, currency, shipping, misroute, implementation
        case computePerPhoto = "compute_per_photo"
        case reviewerHour = "reviewer_hour"
        case storagePerReturn = "storage_per_return"
        case writeDown = "write_down"
        case refundSavings = "refund_savings"
        case lifetimeValueIncrease = "lifetime_value_increase"
    }

    /// The members a file may have.
    public static let memberNames = CodingKeys.allCases.map(\.rawValue).sorted()

    /// Everything that is wrong with the values; empty for usable ones.
    public func problems() -> [String] {
        var problems: [String] = []
        if schema != Self.schemaName {
            problems.append("schema is '\(schema)', expected '\(Self.schemaName)'")
        }
        if currency.utf8.count != 3 { problems.append("currency is '\(currency)'") }
        var amounts = [
            ("compute_per_photo", computePerPhoto), ("reviewer_hour", reviewerHour),
            ("storage_per_return", storagePerReturn),
        ]
        amounts += shipping.map { ("shipping.\($0.key)", $0.value) }
        for (name, amount) in amounts where !(amount.isFinite && amount >= 0) {
            problems.append("\(name) is \(amount), expected 0 or more")
        }
        var shares = writeDown.map { ("write_down.\($0.key)", $0.value) }
        for (truth, row) in misroute {
            shares += row.map { ("misroute.\(truth).\($0.key)", $0.value) }
        }
        for (name, share) in shares where !(0...1).contains(share) {
            problems.append("\(name) is \(share), expected 0…1")
        }
        let words = Set(shipping.keys).union(writeDown.keys).union(misroute.keys)
            .union(misroute.values.flatMap(\.keys))
        for word in words.subtracting(["resell", "refurbish", "reject"]).sorted() {
            problems.append("'\(word)' is no final outcome")
        }
        return problems.sorted()
    }
}
