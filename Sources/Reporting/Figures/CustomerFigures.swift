import ReturnsDomain
import Statistics

/// What customers notice: how long it took and how often they were asked again.
enum CustomerFigures {
    static func section(_ cases: [CaseCourse], window: ReportWindow) -> FigureSection {
        var section = FigureSection("Customers")
        let closed = cases.filter { $0.close != nil }
        let none = "no case of the window is closed"
        section.addShare(
            "first_contact", "First-contact resolution",
            closed.count { $0.submissionCount == 1 && !$0.hadRetake }, of: closed.count, none: none)
        section.addShare(
            "retake", "Retake rate", cases.count(where: \.hadRetake), of: cases.count,
            none: "there is no case in the window",
            note: "of all cases of the window, open ones included")
        section.addQuantiles(
            "ttr", "Time to resolution", of: closed.compactMap(\.secondsToClose),
            at: [0.5, 0.9, 0.99], none: none)
        addMedian(cases, window: window, to: &section)
        section.leaveOut(
            "ttr_active", "Time to resolution without waiting for the customer",
            because: "when better photos were asked for and came is not recorded apart yet")
        return section
    }

    /// How long cases stay open, those still open included.
    static func curve(_ cases: [CaseCourse], window: ReportWindow) -> SurvivalCurve {
        SurvivalCurve(
            times: cases.map {
                $0.secondsToClose ?? seconds(from: $0.reported.submittedAt, to: window.until)
            },
            isDone: cases.map { $0.close != nil })
    }

    private static func addMedian(
        _ cases: [CaseCourse], window: ReportWindow, to section: inout FigureSection
    ) {
        let (key, name) = ("ttr_median_all", "Time to resolution, median with open cases")
        let curve = curve(cases, window: window)
        guard let median = curve.median else {
            section.leaveOut(key, name, because: "fewer than half of the cases are closed")
            return
        }
        let open = cases.count { $0.close == nil }
        let ends = curve.medianInterval
        section.add(
            KeyFigure(
                key, name, unit: .seconds, value: median, n: curve.count,
                interval: ends.flatMap { ends in
                    ends.upper.map { .init(lower: ends.lower, upper: $0) }
                },
                method: "Kaplan-Meier, log-minus-log",
                note: "\(open) cases are open at the end of the window"))
    }
}
