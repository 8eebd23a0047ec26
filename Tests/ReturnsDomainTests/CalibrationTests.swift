import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// From logits to probabilities, and what a calibration may not say.
struct CalibrationTests {
    /// The example of docs/calibration.md, with one text replaced.
    static func example(_ old: String = "", _ new: String = "") throws -> Calibration {
        let text = try DocumentedExample.first(of: "json", in: "docs/calibration.md")
        if !old.isEmpty { #expect(text.contains(old), "the example lacks '\(old)'") }
        let changed = old.isEmpty ? text : text.replacing(old, with: new)
        return try JSONDecoder().decode(Calibration.self, from: Data(changed.utf8))
    }

    @Test func documentedExampleIsUsable() throws {
        #expect(try Self.example().problems() == [])
    }

    @Test func documentedExampleIsWhatTheTypeWrites() throws {
        let text = try DocumentedExample.first(of: "json", in: "docs/calibration.md")
        let given = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
        let known = try JSONSerialization.jsonObject(with: JSONEncoder().encode(Self.example()))
        #expect(
            Set((given?.allKeys as? [String]) ?? [])
                == Set(((known as? NSDictionary)?.allKeys as? [String]) ?? []))
    }

    @Test func temperaturesDivideTheLogits() throws {
        let calibration = try Self.example("[1.42, 1.18, 1.07]", "[2, 4, 8]")
        let severity = calibration.calibratedSeverity(logits: [2, 4, 8])
        let share = 1 / (1 + exp(-1.0))
        #expect(abs(severity.none - (1 - share)) < 1e-9)
        #expect(abs(severity.minor - share * (1 - share)) < 1e-9)
        #expect(abs(severity.severe - share * share * share) < 1e-9)
        #expect(abs(Calibration.rawSeverity(logits: [2, 0, 0]).none - 1 / (1 + exp(2.0))) < 1e-9)
    }

    @Test(arguments: [Float](arrayLiteral: -1e30, -90, 0, 90, 1e30))
    func extremeLogitsStayADistribution(logit: Float) throws {
        let severity = try Self.example().calibratedSeverity(logits: [logit, -logit, logit])
        let sum = Severity.allCases.reduce(0) { $0 + severity[$1] }
        #expect(abs(sum - 1) < 1e-9)
    }

    @Test(arguments: [
        (0.0, 0.0), (0.12, 0), (0.215, 0.25), (0.31, 0.5), (0.43, 0.745), (0.55, 0.99), (0.8, 1),
        (5, 1), (Double.nan, 1), (.infinity, 1),
    ])
    func noveltyIsLinearBetweenQuantiles(distance: Double, share: Double) throws {
        #expect(abs(try Self.example().noveltyShare(distance: distance) - share) < 1e-9)
    }

    @Test func admissionIsByCategoryAndOutcome() throws {
        let calibration = try Self.example()
        #expect(calibration.admission(category: "vehicle", outcome: .resell)?.threshold == 0.93)
        #expect(calibration.admission(category: "vehicle", outcome: .reject) == nil)
        #expect(calibration.admission(category: "phone", outcome: .resell) == nil)
    }

    @Test(arguments: [
        ("regrade.calibration/1", "regrade.calibration/9", "schema is 'regrade.calibration/9'"),
        ("\"temperature\", \"temperatures\"", "\"isotonic\", \"temperatures\"", "severity.method"),
        ("[1.42, 1.18, 1.07]", "[1.42, 0, 1.07]", "severity.temperatures is"),
        ("[1.42, 1.18, 1.07]", "[1.42]", "severity.temperatures is"),
        ("\"temperature\": 1.3", "\"temperature\": 0", "types.temperature is 0.0"),
        ("\"crack\": 0.45", "\"crack\": 2", "types.thresholds has no probability for 'crack'"),
        ("\"crack\"", "\"cracks\"", "types.thresholds has no probability for 'crack'"),
        ("\"crack\": 0.45", "\"crack\": 0.45, \"rust\": 0.5", "types.thresholds has others"),
        ("\"error_rate\": 0.05", "\"error_rate\": -1", "risk.error_rate is -1.0"),
        ("\"lac\"", "\"aps\"", "prediction_set.method is 'aps'"),
        ("0.21", "1.21", "prediction_set.minimum_probability is 1.21"),
        ("\"review_threshold\": 0.8", "\"review_threshold\": 8", "review_threshold is 8.0"),
        ("[0.31, 0.5]", "[0.31, 5]", "novelty.quantiles descends"),
        ("[0.31, 0.5]", "[0.31]", "novelty.quantiles needs at least two pairs"),
        ("\"threshold\": 0.99", "\"threshold\": 99", "novelty.threshold is 99.0"),
        ("\"resell\": {", "\"retake\": {", "automated vehicle.retake is no final outcome"),
        ("0.93", "93", "automated vehicle.resell.threshold is 93.0"),
        ("0.0445", "0.06", "automated vehicle.resell.error_upper_bound is 0.06, more than"),
    ])
    func everyMistakeIsNamed(old: String, new: String, problem: String) throws {
        let problems = try Self.example(old, new).problems()
        #expect(problems.contains { $0.hasPrefix(problem) }, "\(problems)")
    }
}
