/// How likely each severity is, from one photo or fused over an item.
public struct SeverityProbabilities: Codable, Hashable, Sendable {
    /// Probability of ``Severity/none``, 0…1.
    public let none: Double
    /// Probability of ``Severity/minor``, 0…1.
    public let minor: Double
    /// Probability of ``Severity/moderate``, 0…1.
    public let moderate: Double
    /// Probability of ``Severity/severe``, 0…1.
    public let severe: Double

    /// Creates a distribution.
    ///
    /// - Precondition: Each probability is in 0…1 and they add up to 1 within 1e-6.
    public init(none: Double, minor: Double, moderate: Double, severe: Double) {
        let all = [none, minor, moderate, severe]
        precondition(
            all.allSatisfy { (0...1).contains($0) } && abs(all.reduce(0, +) - 1) < 1e-6,
            "severity probabilities \(all) are no distribution")
        self.none = none
        self.minor = minor
        self.moderate = moderate
        self.severe = severe
    }

    /// Builds the distribution of a continuation-ratio head.
    ///
    /// - Parameters:
    ///   - damaged: P(severity ≥ minor), 0…1.
    ///   - moderateOrWorse: P(severity ≥ moderate | severity ≥ minor), 0…1.
    ///   - severe: P(severity = severe | severity ≥ moderate), 0…1.
    /// - SeeAlso: Agresti, Categorical Data Analysis, section 8.3.6.
    public init(damaged: Double, moderateOrWorse: Double, severe: Double) {
        self.init(
            none: 1 - damaged,
            minor: damaged * (1 - moderateOrWorse),
            moderate: damaged * moderateOrWorse * (1 - severe),
            severe: damaged * moderateOrWorse * severe)
    }

    /// The probability of one severity.
    public subscript(severity: Severity) -> Double {
        switch severity {
        case .none: none
        case .minor: minor
        case .moderate: moderate
        case .severe: severe
        }
    }

    /// P(severity > none), 0…1.
    public var damaged: Double { minor + moderate + severe }

    /// The most likely severity; the worse one of a tie.
    public var mostLikely: Severity {
        Severity.allCases.reduce(.none) { best, severity in
            self[severity] >= self[best] ? severity : best
        }
    }

    /// The mean rank, 0…3: what "higher severity" means when photos are compared.
    public var expectedRank: Double { minor + 2 * moderate + 3 * severe }
}
