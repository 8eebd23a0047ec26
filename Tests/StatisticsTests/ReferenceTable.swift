import Foundation
import TestSupport

/// What SciPy, scikit-learn and MAPIE said of fixed tables; written by scripts/judge-calibration.
struct ReferenceTable: Decodable {
    struct ProportionCase: Decodable {
        let successes, n: Int
        let confidence: Double
        let wilson, clopper_pearson: [Double]
        let upper_bound: Double
    }

    struct BetaCase: Decodable { let x, a, b, value: Double }

    struct BinomialCase: Decodable {
        let n, k: Int
        let p, cumulative, at_least: Double
    }

    struct TwoClasses: Decodable {
        let scores: [Double]
        let positive: [Bool]
        let weights: [Int]
        let auroc, weighted_auroc: Double
    }

    struct Ordered: Decodable {
        let truths, guesses: [Int]
        let table: [[Int]]
        let kappa, quadratic_kappa: Double
    }

    struct Regression: Decodable {
        let features: [[Double]]
        let positive: [Bool]
        let penalty: Double
        let weights: [Double]
    }

    struct Temperature: Decodable {
        let logits: [Double]
        let `true`: [Bool]
        let temperature: Double
    }

    struct Outcomes: Decodable {
        struct OfClass: Decodable {
            let least_probability: Double
            let holds: [Bool]
        }

        struct Mapie: Decodable {
            let least_probability: Double
            let sets: [[Bool]]
            let by_class: [OfClass]
        }

        let probabilities, fresh: [[Double]]
        let truths: [Int]
        let coverage, brier, log_loss, calibration_error: Double
        let mapie: Mapie
    }

    struct Thresholds: Decodable {
        struct Mapie: Decodable {
            let p_values, bonferroni, split_fixed_sequence: [Double]
        }

        let confidences: [Double]
        let wrong: [Bool]
        let thresholds, sequence, p_values: [Double]
        let error_rate, confidence: Double
        let mapie: Mapie
    }

    let versions: [String: String]
    let proportions: [ProportionCase]
    let incomplete_beta: [BetaCase]
    let binomial: [BinomialCase]
    let two_classes: TwoClasses
    let ordered: Ordered
    let regression: Regression
    let temperature: Temperature
    let outcomes: Outcomes
    let thresholds: Thresholds

    static func read() throws -> ReferenceTable {
        let file = Repository.root.appending(path: "Tests/StatisticsTests/Expected/statistics.json")
        return try JSONDecoder().decode(ReferenceTable.self, from: Data(contentsOf: file))
    }
}

/// Whether two numbers agree to a share of the larger one.
func agree(_ found: Double?, _ expected: Double, within share: Double = 1e-10) -> Bool {
    guard let found else { return false }
    return abs(found - expected) <= share * max(abs(found), abs(expected), 1e-12)
}
