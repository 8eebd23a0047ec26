import Foundation

/// What kind of goods a photo shows, as the network says it.
public struct CategoryProbabilities: Codable, Hashable, Sendable {
    /// The probability of each category that the network knows, 0…1 and 1 in all.
    public let byCategory: [String: Double]

    /// - Parameters:
    ///   - categories: The names in the order of the logits.
    ///   - logits: One for each, finite.
    /// - Precondition: There is at least one, and as many of both.
    public init(categories: [String], logits: [Float]) {
        precondition(!logits.isEmpty && categories.count == logits.count)
        let greatest = logits.max() ?? 0
        let shares = logits.map { exp(Double($0 - greatest)) }
        let sum = shares.reduce(0, +)
        byCategory = Dictionary(zip(categories, shares.map { $0 / sum })) { first, _ in first }
    }

    /// The most probable one; of equally probable ones the first by name.
    public var likeliest: ShownCategory {
        let first = byCategory.min { ($1.value, $0.key) < ($0.value, $1.key) }
        return ShownCategory(name: first?.key ?? "", probability: first?.value ?? 0)
    }
}

/// The category that a photo most likely shows.
public struct ShownCategory: Codable, Hashable, Sendable {
    /// The category's word.
    public let name: String
    /// How probable it is among those that the model knows, 0…1.
    public let probability: Double

    /// Names a category.
    public init(name: String, probability: Double) {
        self.name = name
        self.probability = probability
    }
}
