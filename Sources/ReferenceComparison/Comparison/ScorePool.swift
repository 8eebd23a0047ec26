/// What good photos of a shop's items score, each as a multiple of what its own item's other
/// references score: how items with few references borrow from the others.
///
/// Rests on the assumption that these ratios spread alike from item to item; scores themselves do
/// not.
public struct ScorePool: Hashable, Sendable {
    /// More add nothing to a p-value that anyone would use.
    public static let countLimit = 10_000
    /// Fewer references have no spread of their own to be measured in.
    public static let ownCountNeeded = 3

    /// In ascending order, each at least 0.
    public let ratios: [Double]

    /// Takes the ratios of many banks; at most ``countLimit`` are kept, evenly over their order.
    ///
    /// - Parameter ratios: ``ReferenceBank/scoreRatios`` of the other items' banks.
    public init(ratios: [Double] = []) {
        let sorted = ratios.filter(\.isFinite).sorted()
        guard sorted.count > Self.countLimit else {
            self.ratios = sorted
            return
        }
        self.ratios = (0..<Self.countLimit).map { sorted[$0 * sorted.count / Self.countLimit] }
    }

    /// Whether a photo's score is ranked among these and not among its own bank's only: where they
    /// are more, and the bank's own have a spread to be measured in.
    func isLent(to bank: ReferenceBank) -> Bool {
        ratios.count > bank.ownScores.count && !bank.scoreRatios.isEmpty
    }

    /// Each score as a multiple of the mean of the others; empty for fewer than
    /// ``ownCountNeeded``.
    static func ratios(of ownScores: [Double]) -> [Double] {
        guard ownScores.count >= ownCountNeeded else { return [] }
        let sum = ownScores.reduce(0, +)
        return ownScores.compactMap { score in
            let mean = (sum - score) / Double(ownScores.count - 1)
            return mean > 0 ? score / mean : nil
        }
    }
}
