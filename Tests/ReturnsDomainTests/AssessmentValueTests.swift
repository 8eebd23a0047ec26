import Foundation
import ReturnsDomain
import Testing

/// Severities, heat maps and hashes: the values an assessment is made of.
struct AssessmentValueTests {
    static let spread = SeverityProbabilities(none: 0.1, minor: 0.2, moderate: 0.3, severe: 0.4)

    @Test func continuationRatiosBecomeADistribution() {
        let severity = SeverityProbabilities(damaged: 0.8, moderateOrWorse: 0.5, severe: 0.25)
        #expect(abs(severity.none - 0.2) < 1e-12)
        #expect(abs(severity.minor - 0.4) < 1e-12)
        #expect(abs(severity.moderate - 0.3) < 1e-12)
        #expect(abs(severity.severe - 0.1) < 1e-12)
        #expect(abs(severity.damaged - 0.8) < 1e-12)
    }

    @Test func expectedRankWeighsBySeverity() {
        #expect(abs(Self.spread.expectedRank - 2.0) < 1e-12)
        #expect(Self.spread.mostLikely == .severe)
    }

    @Test func worseSeverityOfATieIsMostLikely() {
        let tie = SeverityProbabilities(none: 0.5, minor: 0.5, moderate: 0, severe: 0)
        #expect(tie.mostLikely == .minor)
    }

    @Test func distributionThatIsNoneIsAProgrammersMistake() async {
        await #expect(processExitsWith: .failure) {
            _ = SeverityProbabilities(none: 0.5, minor: 0.5, moderate: 0.5, severe: 0)
        }
    }

    @Test func severitiesAreOrderedAndNamed() throws {
        #expect(Severity.none < .minor && .minor < .moderate && .moderate < .severe)
        for severity in Severity.allCases { #expect(Severity(name: severity.name) == severity) }
        #expect(Severity(name: "awful") == nil)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Severity].self, from: Data(#"["awful"]"#.utf8))
        }
    }

    @Test func areaRatioCountsCellsFromTheProbabilityOn() {
        let map = HeatMap(width: 2, height: 2, values: [0, 0.49, 0.5, 1])
        #expect(map.areaRatio(atLeast: 0.5) == 0.5)
        #expect(map.areaRatio(atLeast: 0) == 1)
    }

    @Test(arguments: [
        (String(repeating: "a", count: 64), true), (String(repeating: "A", count: 64), false),
        (String(repeating: "a", count: 63), false), (String(repeating: "g", count: 64), false),
        ("", false),
    ])
    func hashesAreSixtyFourLowercaseHexDigits(text: String, isHash: Bool) {
        #expect((ContentHash(text) != nil) == isHash)
    }

    @Test func digestIsWrittenByteByByte() {
        let hash = ContentHash(digest: (0..<32).map { UInt8($0 * 8) })
        #expect(hash.description.hasPrefix("00081018"))
        #expect(ContentHash(hash.description) == hash)
    }

    @Test func everyDamageTypeHasAReasonOfItsOwn() {
        #expect(Set(DamageType.allCases.map(\.reasonCode)).count == DamageType.allCases.count)
        #expect(DamageType.allCases.map(\.rawValue).first == "crack")
        #expect(DamageType.allCases.count == 8)
    }
}
