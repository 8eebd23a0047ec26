public import ReturnsDomain

/// How one photo compares with the references of its SKU and view.
public struct PhotoComparison: Hashable, Sendable {
    /// How unlike the references it is at its most unlike places, 0…2.
    public let score: Double
    /// The share of good photos that would score at least as high, above 0 and at most 1.
    ///
    /// Small speaks for damage; 1 while nothing is known of good photos' scores.
    /// Conformal: if this photo is as good as the references, the chance of a value of at most p is
    /// at most p, whatever the distribution of scores (Vovk et al. 2005, "Algorithmic Learning in a
    /// Random World"; leave-one-out as in Barber et al. 2021, arXiv 1905.02928).
    public let pValue: Double
    /// How many good photos' scores ``pValue`` rests on: it cannot fall below 1 / (this + 1).
    public let calibrationCount: Int
    /// Whether those scores are mostly of other items of the shop.
    public let isPooled: Bool
    /// Whether the photo shows a view like the references' at all; if not, score and p-value say
    /// nothing of damage.
    public let isComparable: Bool
    /// How much the whole photo is like the most similar reference, −1…1.
    public let similarity: Double
    /// How many references there are.
    public let referenceCount: Int
    /// Where the photo is unlike the references, 0…1: 0.5 is as unlike as the references are of one
    /// another at most.
    public let anomalyMap: HeatMap

    /// Creates a comparison; see the members.
    public init(
        score: Double, pValue: Double, calibrationCount: Int, isPooled: Bool, isComparable: Bool,
        similarity: Double, referenceCount: Int, anomalyMap: HeatMap
    ) {
        self.score = score
        self.pValue = pValue
        self.calibrationCount = calibrationCount
        self.isPooled = isPooled
        self.isComparable = isComparable
        self.similarity = similarity
        self.referenceCount = referenceCount
        self.anomalyMap = anomalyMap
    }

    /// How many good photos' scores a p-value of at most `level` needs: ⌈1/level − 1⌉.
    ///
    /// With fewer, comparison can never say "unlike" at that level, and a person looks.
    ///
    /// - Parameter level: Above 0 and below 1.
    public static func calibrationCountNeeded(level: Double) -> Int {
        precondition(level > 0 && level < 1, "level \(level)")
        return Int((1 / level - 1 - 1e-9).rounded(.up))
    }
}
