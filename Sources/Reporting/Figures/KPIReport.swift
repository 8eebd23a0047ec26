public import ReturnsDomain
import Statistics

/// The key figures of a window of time, computed from events and nothing else.
///
/// The same events give the same report: there is no clock in it, and every random draw has a fixed
/// seed. Definitions, formulas and traps: `docs/kpis.md`.
public struct KPIReport: Encodable, Hashable, Sendable {
    /// `regrade.report/1`.
    public static let schemaName = "regrade.report/1"

    /// The schema of the document.
    public let schema = KPIReport.schemaName
    /// Which cases.
    public let window: ReportWindow
    /// The category the report is confined to; nil for all.
    public let category: String?
    /// The region the report is confined to; nil for all.
    public let region: String?
    /// The cost parameters that were used; nil for none.
    public let costs: String?
    /// The figures by theme.
    public let sections: [FigureSection]
    /// What is drawn from the same cases.
    public let curves: ReportCurves

    /// Computes the figures.
    ///
    /// - Parameters:
    ///   - cases: In any order; those submitted outside of the window are left out.
    ///   - window: Which cases, and until when events count.
    ///   - category: Only cases of this category, if stated.
    ///   - region: Only cases of this region, if stated.
    ///   - costs: What things cost; nil leaves out the figures that need it.
    public init(
        _ cases: [ReportedCase], window: ReportWindow, category: String? = nil,
        region: String? = nil, costs: CostParameters? = nil
    ) {
        self.window = window
        self.category = category
        self.region = region
        self.costs = costs?.id
        let courses = cases.filter {
            (category == nil || $0.category == category) && (region == nil || $0.region == region)
        }
        .sorted { $0.id < $1.id }
        .compactMap { CaseCourse($0, window: window) }
        let warehouse = QualityFigures.judgedByWarehouse(courses)
        let random = QualityFigures.judgedAtRandom(courses)
        sections = [
            Self.volume(courses),
            AutomationFigures.section(courses, window: window),
            CustomerFigures.section(courses, window: window),
            ReviewFigures.section(courses),
            QualityFigures.section(
                "Quality, by the random audit sample", prefix: "audit", random,
                none: "no answer from a random audit sample; the policy sets its rate"),
            QualityFigures.section(
                "Quality, by the warehouse", prefix: "warehouse", warehouse,
                none: "the warehouse stated no outcome (regrade case truth)"),
            Self.estimates(courses),
            CostFigures(parameters: costs).section(courses),
            CarrierFigures.section(courses),
            SegmentFigures.section(courses),
            Self.elsewhere,
        ]
        curves = ReportCurves(
            courses, warehouse.isEmpty ? random : warehouse, window: window)
    }

    private static func volume(_ cases: [CaseCourse]) -> FigureSection {
        var section = FigureSection("Volume")
        let closed = cases.count { $0.close != nil }
        let asked = cases.count { $0.close == nil && $0.judgement?.outcome == .humanReview }
        let waiting = cases.count { $0.close == nil && $0.judgement?.outcome == .retake }
        let erased = cases.count { $0.judgement == nil }
        for (key, name, count) in [
            ("cases", "Cases submitted", cases.count), ("closed", "Closed", closed),
            ("with_people", "Waiting for a person", asked),
            ("with_customers", "Waiting for the customer", waiting),
            ("erased", "Erased, of which nothing else is known", erased),
        ] {
            section.add(
                KeyFigure(key, name, unit: .count, value: Double(count), n: cases.count))
        }
        return section
    }

    /// What the machine's own confidence says of cases that nobody judged.
    private static func estimates(_ cases: [CaseCourse]) -> FigureSection {
        var section = FigureSection("Estimated without labels")
        let unjudged = cases.filter { $0.audit == nil && $0.reported.truth?.outcome == nil }
        let mean = MeanEstimate(unjudged.compactMap { $0.judgement?.confidence })
        if let value = mean.value {
            section.add(
                KeyFigure(
                    "cbpe_accuracy", "Accuracy as the confidence promises (CBPE)", unit: .share,
                    value: value, n: mean.count, interval: mean.interval(), method: "normal",
                    note: "only as good as the calibration; compare with the audited accuracy"))
        } else {
            section.leaveOut(
                "cbpe_accuracy", "Accuracy as the confidence promises (CBPE)",
                because: "every case is judged, or there is none")
        }
        let scored = cases.compactMap(\.judgement)
        section.addShare(
            "set_singleton", "Prediction sets with a single outcome",
            scored.count { $0.predictionSet.count == 1 }, of: scored.count,
            none: "no case was scored")
        let size = MeanEstimate(scored.map { Double($0.predictionSet.count) })
        if let value = size.value {
            section.add(
                KeyFigure(
                    "set_size", "Mean size of the prediction set", unit: .number, value: value,
                    n: size.count, interval: size.interval(), method: "normal"))
        }
        return section
    }

    /// What the log of cases cannot tell.
    private static let elsewhere: FigureSection = {
        var section = FigureSection("Not in these data")
        section.leaveOut(
            "drift", "Drift (PSI, KS, MMD)",
            because: "needs a reference window and embeddings, which are not kept")
        section.leaveOut(
            "return_rate", "Return and refund rate, exchange completion, repeat purchase",
            because: "needs the shop's feed of orders")
        section.leaveOut(
            "service", "Availability, latency, webhook delivery, memory",
            because: "measured by the service's metrics, not by the log of cases")
        section.leaveOut(
            "retake_by_device", "Retake rate by class of device",
            because: "what device took a photo is cut from it and not kept")
        return section
    }()
}

/// Curves of a report, as plain points.
public struct ReportCurves: Encodable, Hashable, Sendable {
    /// A place on a curve.
    public struct Point: Encodable, Hashable, Sendable {
        /// Hours, stated confidence or coverage.
        public let x: Double
        /// Share still open, share right or risk.
        public let y: Double
    }

    /// Points kept of a curve; more are not seen.
    static let pointCountLimit = 400

    /// How many cases ended in each outcome, open ones by what they wait for.
    public let outcomes: [String: Int]
    /// The share of cases still open, against hours.
    public let open: [Point]
    /// The share that was right, against the stated confidence.
    public let reliability: [Point]
    /// Risk, against the share answered.
    public let risk: [Point]

    init(_ cases: [CaseCourse], _ labelled: [LabelledCase], window: ReportWindow) {
        var outcomes: [String: Int] = [:]
        for course in cases {
            let word = (course.close?.outcome ?? course.judgement?.outcome)?.rawValue ?? "erased"
            outcomes[word, default: 0] += 1
        }
        self.outcomes = outcomes
        let curve = CustomerFigures.curve(cases, window: window)
        open = Self.thinned(
            (curve.steps.isEmpty ? [] : [Point(x: 0, y: 1)])
                + curve.steps.map { Point(x: $0.time / 3600, y: $0.share) })
        let bins = Reliability(
            confidences: labelled.map(\.confidence), isRight: labelled.map(\.isRight)
        ).bins
        reliability = bins.map { Point(x: $0.confidence, y: $0.accuracy) }
        risk = Self.thinned(
            SelectiveRisk(
                confidences: labelled.map(\.confidence), isRight: labelled.map(\.isRight)
            ).points.map { Point(x: $0.coverage, y: $0.risk) })
    }

    /// The first, the last and evenly many between.
    private static func thinned(_ points: [Point]) -> [Point] {
        guard points.count > pointCountLimit else { return points }
        return (0..<pointCountLimit).map { points[$0 * (points.count - 1) / (pointCountLimit - 1)] }
    }
}
