/// The reasons of a decision in words, in one language.
public struct Rationale: Codable, Hashable, Sendable {
    /// The language, a BCP 47 tag such as `en`.
    public let locale: String
    /// What the customer may read: short, kind, no internals.
    public let customer: String
    /// What the reviewer reads.
    public let reviewer: String

    /// Creates a rationale.
    public init(locale: String, customer: String, reviewer: String) {
        self.locale = locale
        self.customer = customer
        self.reviewer = reviewer
    }
}
