import DecisionPolicy
import Foundation
import ReturnsDomain

/// Builds the world of a decision: an item that every gate lets pass, to be changed in one place.
struct World {
    var severity = SeverityProbabilities(none: 0.95, minor: 0.03, moderate: 0.01, severe: 0.01)
    var damage: [DamageFinding] = []
    var novelty = 0.2
    var photosDisagree = false
    var photos = [photo(index: 0)]
    var undecodable: [UndecodablePhoto] = []
    var order = OrderData(
        category: "phone", region: "US", value: Money(minorUnits: 9_900, currency: "USD"))
    var policy = TestPolicy()
    var calibration = TestCalibration()
    var switches: [AutomationSwitch] = []
    var pilotDraw = 0.5
    var signals: [ReasonCode] = []
    var comparison: ItemComparison?

    var assessment: Assessment {
        Assessment(
            raw: severity, calibrated: severity, damage: damage, novelty: novelty,
            photosDisagree: photosDisagree, photos: photos, undecodablePhotos: undecodable,
            comparison: comparison)
    }

    func decision() throws -> Decision {
        try policy.value.decision(
            for: assessment, order: order, calibration: calibration.value, switches: switches,
            pilotDraw: pilotDraw, signals: signals)
    }

    /// The reasons for a person or a retake, without what is visible.
    func gates() throws -> [ReasonCode] {
        let visible = Set(DamageType.allCases.map(\.reasonCode))
            .union([.damageVisible, .noDamageVisible])
        return try decision().reasons.map(\.code).filter { !visible.contains($0) }
    }

    /// A world whose photos speak for an outcome of the general rule with certainty `confidence`.
    static func recommending(_ outcome: Outcome, confidence: Double = 0.97) -> World {
        var world = World()
        let rest = 1 - confidence
        world.severity =
            switch outcome {
            case .resell:
                SeverityProbabilities(none: confidence, minor: rest, moderate: 0, severe: 0)
            case .refurbish:
                SeverityProbabilities(none: rest, minor: confidence, moderate: 0, severe: 0)
            default:
                SeverityProbabilities(none: 0, minor: 0, moderate: rest, severe: confidence)
            }
        return world
    }

    static func photo(
        index: Int, view: PhotoView = .front, issues: [ReasonCode] = [],
        isDamagedFile: Bool = false, phoneProbability: Double? = nil
    ) -> PhotoAssessment {
        let even = SeverityProbabilities(none: 1, minor: 0, moderate: 0, severe: 0)
        return PhotoAssessment(
            index: index, sha256: hash, view: view, width: 640, height: 480, format: "jpeg",
            isDamagedFile: isDamagedFile,
            quality: PhotoQuality(sharpness: 0.5, exposure: 0.5, issues: issues), raw: even,
            calibrated: even, damage: [], novelty: 0.2,
            heatMap: HeatMap(width: 1, height: 1, values: [0]),
            category: phoneProbability.map { phone in
                CategoryProbabilities(
                    categories: ["phone", "box"],
                    logits: [Float(log(phone / (1 - phone))), 0])
            })
    }

    static let hash = ContentHash(digest: [UInt8](repeating: 7, count: 32))
}

/// The parts of a policy that tests change, with limits that are easy to remember.
struct TestPolicy {
    var rules = [general]
    var minimumConfidence: [Outcome: Double] = [:]
    var rejectConfidence = 0.95
    var unknownValue = true
    var novelty = 0.9
    var retake = RetakeTerms.noUsablePhoto
    var highValue = 50_000
    var review = ReviewTerms(dueHours: 24, defaultValue: 40, uncertaintyFloor: 0.05)
    var comparison = ComparisonTerms.lookOnly

    static let general = PolicyRule(
        id: "general", conditions: RuleConditions(),
        outcomes: SeverityOutcomes(
            none: .resell, minor: .refurbish, moderate: .refurbish, severe: .reject),
        remedies: OutcomeRemedies(resell: .refund, refurbish: .repair, reject: .returnToCustomer),
        text: ["en": "the general rule.", "de": "die allgemeine Regel."])

    var value: Policy {
        Policy(
            id: "test", version: "7",
            categories: [
                PolicyCategory(name: "phone", aliases: ["smartphone"]), PolicyCategory(name: "box"),
            ],
            regionGroups: ["eu": ["DE", "FR"], "uk": ["GB"], "elsewhere": ["US", "JP"]],
            currencies: [
                "USD": PolicyCurrency(minorDigits: 2, highValue: highValue),
                "JPY": PolicyCurrency(minorDigits: 0, highValue: highValue),
            ],
            rules: rules, minimumConfidence: minimumConfidence,
            automaticReject: AutomaticRejectTerms(
                forbiddenRegions: ["DE", "FR", "GB"], minimumConfidence: rejectConfidence),
            alwaysHuman: AlwaysHumanTerms(
                unknownValue: unknownValue, novelty: novelty, visibleDamage: 0.5),
            retake: retake,
            review: review,
            texts: ["en": texts(language: "en"), "de": texts(language: "de")],
            comparison: comparison)
    }

    private func texts(language: String) -> LanguageTexts {
        func all<Key>(_ keys: [Key], _ name: (Key) -> String) -> [Key: String] {
            Dictionary(uniqueKeysWithValues: keys.map { ($0, "\(language):\(name($0))") })
        }
        let reasons = ReasonCode.allCases.map {
            ($0, ReasonText(customer: "told \($0.rawValue).", reviewer: $0.rawValue))
        }
        return LanguageTexts(
            customer: all(Outcome.allCases, \.rawValue),
            reviewer: "{outcome}|{recommended}|{remedy}|{severity}|{confidence}|{candidates}|"
                + "{rule}|{rule_text}|{reasons}",
            notices: all(Outcome.allCases) { "notice \($0.rawValue)" },
            outcomeWords: all(Outcome.allCases, \.rawValue),
            severityWords: all(Severity.allCases, \.name),
            remedyWords: all(Remedy.allCases, \.rawValue),
            reasons: Dictionary(uniqueKeysWithValues: reasons))
    }
}

/// The parts of a calibration that tests change.
struct TestCalibration {
    /// The threshold of every admitted outcome, by category.
    var admitted: [String: [Outcome: Double]] = [
        "phone": [.resell: 0.9, .refurbish: 0.9, .reject: 0.9]
    ]
    var minimumProbability = 0.2
    var noveltyThreshold = 0.95
    var reviewThreshold = 0.6
    /// The stated category's least probability; nil for a calibration without one.
    var categoryMinimum: Double? = 0.05

    /// The calibration as its file says it; the type has no other way in.
    var value: Calibration {
        get throws {
            try JSONDecoder().decode(Calibration.self, from: Data(json.utf8))
        }
    }

    private var categoryMember: String {
        guard let categoryMinimum else { return "" }
        return """
            "category": {"minimum_probability": \(categoryMinimum), "flagged_share": 0.01},
            """
    }

    private var json: String {
        let automated = admitted.sorted { $0.key < $1.key }.map { category, outcomes in
            let admissions = outcomes.map { outcome, threshold in
                """
                "\(outcome.rawValue)": {"threshold": \(threshold), "n": 60, "errors": 0,
                    "error_upper_bound": 0.04}
                """
            }
            return """
                {"category": "\(category)", "outcomes": {\(admissions.joined(separator: ","))}}
                """
        }
        let thresholds = DamageType.allCases.map { "\"\($0.rawValue)\": 0.5" }
        return """
            {"schema": "\(Calibration.schemaName)", "id": "cal-test",
             "created_at": "2026-11-21T00:00:00Z",
             "model": {"name": "m", "version": "1", "sha256": "\(World.hash)"},
             "severity": {"method": "temperature", "temperatures": [1, 1, 1]},
             "types": {"temperature": 1, "thresholds": {\(thresholds.joined(separator: ","))}},
             "risk": {"error_rate": 0.05, "confidence": 0.9},
             "prediction_set": {"method": "lac", "minimum_probability": \(minimumProbability)},
             "novelty": {"quantiles": [[0, 0], [1, 1]], "threshold": \(noveltyThreshold)},
             \(categoryMember)"automated": [\(automated.joined(separator: ","))],
             "review_threshold": \(reviewThreshold), "n": 100, "metrics": {}}
            """
    }
}
