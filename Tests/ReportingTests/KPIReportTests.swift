import Foundation
import Reporting
import ReturnsDomain
import Statistics
import Testing

/// Ten cases whose figures can be counted on two hands.
private enum Cases {
    /// Noon of the first day.
    static let start = Timestamp(millisecondsSince1970: 1_780_000_000_000)

    static func moment(_ hours: Double) -> Timestamp {
        Timestamp(
            millisecondsSince1970: start.millisecondsSince1970 + Int64(hours * 3_600_000))
    }

    static let window = ReportWindow(since: start, until: moment(1000))

    static func make(
        _ number: Int, outcome: Outcome, recommended: Outcome, confidence: Double,
        reasons: [ReasonCode] = [], severity: Severity = .minor,
        isChangedSincePacking: Bool? = nil
    ) -> ReportedCase {
        var generator = Fixed(number: UInt64(number))
        let at = moment(Double(number))
        return ReportedCase(
            id: InspectionID(at: at, using: &generator), submittedAt: at, category: "box",
            region: number.isMultiple(of: 2) ? "DE" : "FR",
            value: Money(minorUnits: 10_000, currency: "EUR"),
            judgements: [
                .init(
                    at: at, outcome: outcome, recommended: recommended, severity: severity,
                    confidence: confidence, predictionSet: [recommended], reasons: reasons,
                    isChangedSincePacking: isChangedSincePacking)
            ])
    }

    private struct Fixed: RandomNumberGenerator {
        let number: UInt64
        mutating func next() -> UInt64 { number }
    }

    static func answer(_ reviewer: String, _ from: Double, _ to: Double, _ outcome: Outcome)
        -> ReportedCase.Answer
    {
        .init(reviewer: reviewer, leasedAt: moment(from), decidedAt: moment(to), outcome: outcome)
    }

    /// Four closed by the machine (one appealed with success, one audited and wrong), four closed
    /// by people (one against the recommendation), one waiting for photos, one for a person.
    static let all: [ReportedCase] = {
        var cases = (0..<4).map {
            make($0, outcome: .resell, recommended: .resell, confidence: 0.95)
        }
        cases[1].appeals = [
            .init(openedAt: moment(20), against: .resell, decidedAt: moment(30), outcome: .reject)
        ]
        cases[2].tasks = [
            .init(
                kind: "audit_sample", openedAt: moment(2), firstLeasedAt: moment(3),
                samplingProbability: 0.1, answers: [answer("rvw_a", 3, 3.5, .refurbish)])
        ]
        cases[3].tasks = [
            .init(
                kind: "audit_sample", openedAt: moment(3), firstLeasedAt: moment(5),
                samplingProbability: 0.5, answers: [answer("rvw_b", 5, 5.5, .resell)])
        ]
        for number in 4..<8 {
            let settled: Outcome = number == 4 ? .reject : .refurbish
            var reported = make(
                number, outcome: .humanReview, recommended: .refurbish, confidence: 0.6,
                reasons: number == 5 ? [.highValueItem] : [.confidenceBelowThreshold])
            let hour = Double(number)
            reported.tasks = [
                .init(
                    kind: "review", openedAt: moment(hour), firstLeasedAt: moment(hour + 2),
                    answers: [answer("rvw_a", hour + 2, hour + 3, settled)])
            ]
            reported.settlements = [.init(at: moment(hour + 3), outcome: settled)]
            cases.append(reported)
        }
        cases.append(make(8, outcome: .retake, recommended: .resell, confidence: 0.4))
        cases.append(make(9, outcome: .humanReview, recommended: .reject, confidence: 0.5))
        return cases
    }()
}

private func figure(_ key: String, in report: KPIReport) -> KeyFigure? {
    report.sections.flatMap(\.figures).first { $0.key == key }
}

struct KPIReportTests {
    private let report = KPIReport(Cases.all, window: Cases.window)

    /// Counted by hand from `Cases.all`.
    @Test(
        arguments: [
            ("cases", 10, 10), ("closed", 8, 10), ("with_people", 1, 10), ("with_customers", 1, 10),
            ("containment", 3.0 / 8, 8), ("stp", 4.0 / 8, 8), ("stp_first_submission", 4.0 / 8, 8),
            ("coverage", 4.0 / 10, 10), ("policy_forced", 1.0 / 10, 10),
            ("coverage_unforced", 4.0 / 9, 9), ("override", 1.0 / 4, 4),
            ("overturn", 10.0 / 12, 2), ("appeal", 1.0 / 4, 4), ("appeal_success", 1, 1),
            ("first_contact", 1, 8), ("retake", 1.0 / 10, 10),
            ("ttr_p50", 1.5 * 3600, 8), ("ttr_median_all", 3 * 3600, 10),
            ("queue_wait_p50", 2 * 3600, 6), ("handling_p50", 3600, 6),
            ("throughput", 6.0 / 5, 6), ("audit_accuracy", 1.0 / 2, 2),
            ("cbpe_accuracy", 0.65, 8), ("set_singleton", 1, 10),
        ] as [(String, Double, Int)])
    func figuresAreThoseCountedByHand(key: String, value: Double, count: Int) throws {
        let found = try #require(figure(key, in: report), "\(key) is missing")
        #expect(abs(found.value - value) < 1e-9, "\(key) is \(found.value)")
        #expect(found.n == count, "\(key) rests on \(found.n)")
        if let interval = found.interval {
            #expect(interval.lower <= found.value && found.value <= interval.upper, "\(key)")
        }
    }

    @Test func whatTheDataDoNotAllowIsNamedAndNotInvented() {
        let absent = report.sections.flatMap(\.absent)
        for key in [
            "cost_per_return", "misroute_cost", "roi", "warehouse_accuracy", "recovery_resell",
            "gold_accuracy", "agreement", "kappa", "ttr_active", "drift", "service",
            "new_since_shipping", "worn_before_shipping",
            "gap_approval_by_region",
        ] {
            #expect(absent.contains { $0.key == key && !$0.reason.isEmpty }, "\(key)")
            #expect(figure(key, in: report) == nil, "\(key)")
        }
    }

    /// Of A's four items two changed on the way and one was worn before; B's one did not change.
    @Test func claimsAreToldByCarrier() throws {
        let told: [(carrier: String?, isChanged: Bool?, reasons: [ReasonCode])] = [
            ("A", true, [.newSinceShipping]), ("A", true, [.newSinceShipping, .unlikeReferences]),
            ("A", false, [.unlikeReferences]), ("A", false, []), ("B", false, []),
            ("<b>", nil, [.unlikeReferences]), (nil, true, [.newSinceShipping]),
        ]
        let cases = told.enumerated().map { number, one in
            var reported = Cases.make(
                number, outcome: .humanReview, recommended: .resell, confidence: 0.6,
                reasons: one.reasons, isChangedSincePacking: one.isChanged)
            reported.carrier = one.carrier
            return reported
        }
        let report = KPIReport(cases, window: Cases.window)
        for (key, value, count) in [
            ("new_since_shipping", 2.0 / 5, 5), ("worn_before_shipping", 1.0 / 5, 5),
            ("new_since_shipping_A", 2.0 / 4, 4), ("worn_before_shipping_A", 1.0 / 4, 4),
            ("new_since_shipping_B", 0, 1), ("worn_before_shipping_B", 0, 1),
        ] {
            let found = try #require(figure(key, in: report), "\(key) is missing")
            #expect(abs(found.value - value) < 1e-9 && found.n == count, "\(key)")
            #expect(found.method == "Wilson" && found.interval != nil)
        }
        #expect(figure("new_since_shipping_<b>", in: report) == nil)
        // Names are free texts: many of them are counted, not listed, and none is markup.
        let many = (0..<60).map { number in
            var reported = Cases.make(
                number, outcome: .humanReview, recommended: .resell, confidence: 0.6,
                isChangedSincePacking: false)
            reported.carrier = "<b>\(number)"
            return reported
        }
        let page = KPIPage(KPIReport(many, window: Cases.window)).page.text(styleHash: "x")
        #expect(page.contains("10 carriers with fewer items"))
        #expect(page.contains("&lt;b&gt;") && !page.contains("<b>"))
    }

    @Test func theSameEventsGiveTheSameBytesInAnyOrder() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let again = KPIReport(Cases.all.reversed(), window: Cases.window)
        #expect(try encoder.encode(report) == encoder.encode(again))
        let page = KPIPage(report).page.text(styleHash: "x")
        #expect(page == KPIPage(again).page.text(styleHash: "x"))
    }

    @Test func whatHappensAfterTheWindowIsNotKnown() throws {
        // Before hour 6.5: cases 0 to 6 came in, people settled nothing before hour 7.
        let early = KPIReport(
            Cases.all, window: ReportWindow(since: Cases.start, until: Cases.moment(6.5)))
        #expect(figure("cases", in: early)?.value == 7)
        #expect(figure("closed", in: early)?.value == 4)
        #expect(figure("with_people", in: early)?.value == 3)
        #expect(figure("containment", in: early)?.value == 1)
        #expect(figure("ttr_median_all", in: early)?.value == 0)
    }

    @Test func aReportCanBeConfined() {
        let german = KPIReport(Cases.all, window: Cases.window, region: "DE")
        #expect(figure("cases", in: german)?.value == 5)
        let phones = KPIReport(Cases.all, window: Cases.window, category: "phone")
        #expect(figure("cases", in: phones)?.value == 0)
        #expect(figure("stp", in: phones) == nil)
    }

    @Test func anEmptyRecordIsAReportWithReasons() {
        let empty = KPIReport([], window: Cases.window)
        #expect(empty.sections.flatMap(\.figures).allSatisfy { $0.unit == .count })
        #expect(!KPIPage(empty).page.text(styleHash: "x").isEmpty)
    }
}

struct LabelledFigureTests {
    /// Truth against recommendation: resell 3 of 4 found, refurbish 1 of 2, reject 1 of 1.
    private static let pairs: [(Outcome, Outcome, Severity, Severity, Double)] = [
        (.resell, .resell, .none, .none, 0.9), (.resell, .resell, .none, .none, 0.9),
        (.resell, .resell, .none, .minor, 0.8), (.resell, .refurbish, .none, .minor, 0.6),
        (.refurbish, .refurbish, .moderate, .minor, 0.7),
        (.refurbish, .reject, .moderate, .severe, 0.5), (.reject, .reject, .severe, .severe, 0.95),
    ]

    private var report: KPIReport {
        let cases = Self.pairs.enumerated().map { number, pair in
            var reported = Cases.make(
                number, outcome: pair.1, recommended: pair.1, confidence: pair.4,
                severity: pair.3)
            reported.truth = .init(
                at: Cases.moment(100), outcome: pair.0, severity: pair.2,
                resaleValue: Money(minorUnits: 2_500 * (number + 1), currency: "EUR"))
            return reported
        }
        return KPIReport(cases, window: Cases.window)
    }

    /// The definitions of sklearn.metrics, counted by hand: F1 is the mean of 6/7, 1/2 and 2/3; the
    /// squared gaps of confidence add up to 0.7625.
    @Test(
        arguments: [
            ("warehouse_accuracy", 5.0 / 7), ("warehouse_recall_resell", 3.0 / 4),
            ("warehouse_precision_resell", 1), ("warehouse_recall_refurbish", 1.0 / 2),
            ("warehouse_precision_refurbish", 1.0 / 2), ("warehouse_recall_reject", 1),
            ("warehouse_precision_reject", 1.0 / 2),
            ("warehouse_macro_f1", 0.6746031746031746),
            ("warehouse_brier", 0.7625 / 7),
            ("warehouse_risk_at_50", 0), ("warehouse_set_coverage", 5.0 / 7),
            ("warehouse_coverage_at_risk_1", 5.0 / 7),
            // Every case is a bin of its own: gaps of 0.5, 0.6, 0.3, 0.2, 0.1, 0.1, 0.05.
            ("warehouse_ece", 1.85 / 7),
            ("recovery_resell", 0.5),
        ] as [(String, Double)])
    func figuresOfJudgedCases(key: String, value: Double) throws {
        let found = try #require(figure(key, in: report), "\(key) is missing")
        #expect(abs(found.value - value) < 1e-9, "\(key) is \(found.value)")
    }

    @Test func ordinalAgreementCountsSquaredSteps() throws {
        // Margins of truth: none 4, moderate 2, severe 1; of answers: none 2, minor 3, severe 2.
        var expected = 0.0
        for (truth, rows) in [(0.0, 4.0), (2, 2), (3, 1)] {
            for (answer, columns) in [(0.0, 2.0), (1, 3), (3, 2)] {
                expected += (truth - answer) * (truth - answer) * rows * columns / 7
            }
        }
        let found = try #require(figure("warehouse_qwk", in: report))
        #expect(expected == 20)
        #expect(abs(found.value - (1 - 4 / expected)) < 1e-12)
    }
}

struct CostFigureTests {
    private let costs = """
        {"schema":"regrade.costs/1","id":"test-1","currency":"EUR","compute_per_photo":0.5,
        "reviewer_hour":30,"storage_per_return":0.25,
        "shipping":{"resell":1,"refurbish":2,"reject":3},
        "write_down":{"resell":0,"refurbish":0.25,"reject":0.9},
        "misroute":{"refurbish":{"resell":0.3}},
        "implementation":1000,"refund_savings":1500,"lifetime_value_increase":500}
        """

    @Test func costsAddUpToWhatIsCountedByHand() throws {
        let parameters = try JSONDecoder().decode(CostParameters.self, from: Data(costs.utf8))
        #expect(parameters.problems().isEmpty)
        let report = KPIReport(Cases.all, window: Cases.window, costs: parameters)
        // Eight closed cases of 100 EUR: four resold, three refurbished, one rejected; people took
        // half an hour for each of two audits and an hour for each of four reviews.
        // 5 h at 30; 4 + 6 + 3 over 8; 3 times 25 and 90 over 8.
        let parts: [String: Double] = [
            "cost_compute": 0.5, "cost_storage": 0.25, "cost_review": 18.75,
            "cost_shipping": 1.625, "cost_write_down": 20.625,
        ]
        for (key, value) in parts {
            #expect(abs((figure(key, in: report)?.value ?? 0) - value) < 1e-9, "\(key)")
        }
        // The audit found one of two wrong, which stood for ten of twelve: 30 % of 100 EUR each.
        let misroute = try #require(figure("misroute_cost", in: report)).value
        #expect(abs(misroute - 25) < 1e-9)
        let total = try #require(figure("cost_per_return", in: report)).value
        #expect(abs(total - 41.75 - 25) < 1e-9)
        #expect(figure("roi", in: report)?.value == 2)
    }

    @Test func wrongParametersAreAllNamed() throws {
        let text = costs.replacing("\"reviewer_hour\":30", with: "\"reviewer_hour\":-1")
            .replacing("\"refurbish\":0.25", with: "\"refurbished\":1.5")
            .replacing("costs/1", with: "costs/2")
        let parameters = try JSONDecoder().decode(CostParameters.self, from: Data(text.utf8))
        #expect(
            parameters.problems() == [
                "'refurbished' is no final outcome",
                "reviewer_hour is -1.0, expected 0 or more",
                "schema is 'regrade.costs/2', expected 'regrade.costs/1'",
                "write_down.refurbished is 1.5, expected 0…1",
            ])
    }
}

struct SegmentFigureTests {
    @Test func aSegmentThatIsServedOtherwiseIsNamed() throws {
        // 200 cases in each of three regions; in one of them half are rejected.
        let regions = ["DE", "FR", "US"]
        let cases = (0..<600).map { number -> ReportedCase in
            let region = regions[number % 3]
            let isRejected = number / 3 < (region == "US" ? 100 : 20)
            var reported = Cases.make(
                number, outcome: isRejected ? .reject : .resell,
                recommended: isRejected ? .reject : .resell, confidence: 0.9)
            reported.region = region
            return reported
        }
        let report = KPIReport(cases, window: Cases.window)
        let gap = try #require(figure("gap_approval_by_region", in: report))
        #expect(abs(gap.value - 0.4) < 1e-12)
        #expect(gap.note?.hasPrefix("FR 90.0 %, US 50.0 %; ") == true, "\(gap.note ?? "")")
        #expect(gap.note?.contains("US differ from the others") == true)
        let retakes = try #require(figure("gap_retake_by_region", in: report))
        #expect(retakes.note?.contains("none differs") == true)
        // Only one category: nothing to compare.
        #expect(figure("gap_approval_by_category", in: report) == nil)
    }
}
