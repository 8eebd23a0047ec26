import ReturnsDomain
import Statistics

/// How much the machine decides, and how often that is overturned.
enum AutomationFigures {
    /// How long a customer's appeal counts against containment.
    static let appealDays = 14

    static func section(_ cases: [CaseCourse], window: ReportWindow) -> FigureSection {
        var section = FigureSection("Automation")
        let closed = cases.filter { $0.close != nil }
        let byMachine = closed.filter { $0.close?.isByMachine == true }
        let none = "no case of the window is closed"
        let young = byMachine.count { isYoung($0, window) }
        section.addShare(
            "containment", "Containment rate", byMachine.count { !wasAppealed($0) },
            of: closed.count, none: none,
            note: young > 0
                ? "closed less than \(appealDays) days before the end, so that an appeal may "
                    + "still come: \(young)" : nil)
        section.addShare(
            "stp", "Straight-through rate", byMachine.count, of: closed.count, none: none)
        section.addShare(
            "stp_first_submission", "Straight-through rate, first submission",
            byMachine.count { $0.submissionCount == 1 }, of: closed.count, none: none)
        addCoverage(cases, to: &section)
        addOverrides(closed, to: &section)
        addOverturns(cases, to: &section)
        addAppeals(byMachine, to: &section)
        return section
    }

    /// Reasons for which a person decides however sure the machine is.
    static let forcedReasons: Set<ReasonCode> = [
        .highValueItem, .valueUnknown, .categoryUnknown, .automaticRejectNotAllowed,
        .automationOff, .outsidePilotShare, .policyRequiresPerson,
    ]

    private static func addCoverage(_ cases: [CaseCourse], to section: inout FigureSection) {
        let scored = cases.compactMap(\.judgement)
        let decided = scored.count { $0.outcome.isFinal }
        let forced = scored.count {
            $0.outcome == .humanReview && !forcedReasons.isDisjoint(with: $0.reasons)
        }
        let none = "no case was scored"
        section.addShare(
            "coverage", "Coverage: the machine was allowed to decide", decided, of: scored.count,
            none: none)
        section.addShare(
            "coverage_unforced", "Coverage of cases that policy leaves to the machine", decided,
            of: scored.count - forced, none: none)
        section.addShare(
            "policy_forced", "Sent to people by policy, however sure the machine", forced,
            of: scored.count, none: none,
            note: "value, category, region, pilot share or the stop switch")
    }

    private static func addOverrides(_ closed: [CaseCourse], to section: inout FigureSection) {
        let reviewed = closed.filter { $0.close?.isByMachine == false && $0.judgement != nil }
        section.addShare(
            "override", "Override rate",
            reviewed.count { $0.close?.outcome != $0.judgement?.recommended }, of: reviewed.count,
            none: "no case was closed by a person",
            note: "people see the hard cases; not the model's error")
    }

    private static func addOverturns(_ cases: [CaseCourse], to section: inout FigureSection) {
        let audited = cases.compactMap { course -> (isWrong: Bool, probability: Double)? in
            guard let audit = course.audit, let judgement = course.judgement else { return nil }
            return (audit.outcome != judgement.recommended, audit.probability)
        }
        let share = WeightedShare(
            hits: audited.map(\.isWrong), probabilities: audited.map(\.probability))
        guard let value = share.value else {
            section.leaveOut(
                "overturn", "Overturn rate",
                because: "no answer from a random audit sample; the policy sets its rate")
            return
        }
        let effective = FigureText.decimal(share.effectiveCount, places: 1)
        section.add(
            KeyFigure(
                "overturn", "Overturn rate", unit: .share, value: value, n: share.count,
                interval: share.interval(), method: "Wilson at the effective size \(effective)",
                note: "random audit sample, each case weighted by 1/π"))
    }

    private static func addAppeals(_ byMachine: [CaseCourse], to section: inout FigureSection) {
        section.addShare(
            "appeal", "Appeal rate", byMachine.count { !$0.reported.appeals.isEmpty },
            of: byMachine.count, none: "the machine closed no case")
        let decided = byMachine.flatMap(\.reported.appeals).filter { $0.outcome != nil }
        section.addShare(
            "appeal_success", "Appeals that changed the outcome",
            decided.count { $0.outcome != $0.against }, of: decided.count,
            none: "no appeal against a machine's decision is decided")
    }

    private static func wasAppealed(_ course: CaseCourse) -> Bool {
        guard let close = course.close else { return false }
        let end = close.at.advanced(by: .seconds(appealDays * 86_400))
        return course.reported.appeals.contains { close.at <= $0.openedAt && $0.openedAt < end }
    }

    private static func isYoung(_ course: CaseCourse, _ window: ReportWindow) -> Bool {
        guard let close = course.close else { return false }
        return window.until < close.at.advanced(by: .seconds(appealDays * 86_400))
    }
}
