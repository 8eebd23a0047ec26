/// The least probability at which an answer must stay possible, so that sets of possible answers
/// hold the true one often enough.
///
/// Split conformal prediction with the score 1 − probability of the truth (LAC). Used per class it
/// is class-conditional (Mondrian): each class is covered, not only their mix. The promise is about
/// the average over calibrations and new cases alike.
///
/// - SeeAlso: Sadinle et al. 2019, arXiv 1609.00451; Vovk 2012, arXiv 1209.2673.
public enum ConformalThreshold {
    /// The least probability.
    ///
    /// - Parameters:
    ///   - truthProbabilities: What each held-back case gave to its true class, 0…1.
    ///   - coverage: The promised share, above 0 and below 1.
    /// - Returns: The ⌊(n + 1)(1 − coverage)⌋-th smallest value; 0, which excludes nothing, if
    ///   there are too few cases for any.
    public static func leastProbability(
        truthProbabilities: [Double], coverage: Double
    ) -> Double {
        precondition(coverage > 0 && coverage < 1, "coverage \(coverage)")
        // A product such as 10 · (1 − 0.9) lies a hair below 1 in binary and means 1.
        let rank = Int((Double(truthProbabilities.count + 1) * (1 - coverage) + 1e-9))
        guard rank >= 1 else { return 0 }
        return truthProbabilities.sorted()[rank - 1]
    }

    /// The fewest cases that exclude anything.
    public static func leastCaseCount(coverage: Double) -> Int {
        Int((1 / (1 - coverage) - 1 - 1e-9).rounded(.up))
    }
}
