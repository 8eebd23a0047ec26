import Foundation
import ReturnsDomain
import Statistics

/// What a return costs and what comes back.
struct CostFigures {
    let parameters: CostParameters?

    private static let none = "no cost parameters; name a file with --costs"

    func section(_ cases: [CaseCourse]) -> FigureSection {
        var section = FigureSection("Money")
        let closed = cases.filter { $0.close != nil }
        addRecovery(closed, to: &section)
        guard let parameters else {
            section.leaveOut("cost_per_return", "Cost per return", because: Self.none)
            section.leaveOut("misroute_cost", "Misroute cost per return", because: Self.none)
            section.leaveOut("roi", "Return on investment", because: Self.none)
            return section
        }
        let misroute = addMisroute(cases, parameters, to: &section)
        addCost(closed, parameters, misroute, to: &section)
        addReturnOnInvestment(parameters, closed.count, to: &section)
        return section
    }

    private func addRecovery(_ closed: [CaseCourse], to section: inout FigureSection) {
        for outcome in Outcome.final {
            let word = outcome.rawValue
            let (key, name) = ("recovery_\(word)", "Recovery rate of \(word)")
            let pairs = closed.compactMap { course -> (sold: Double, worth: Double)? in
                guard course.close?.outcome == outcome,
                    let sold = course.reported.truth?.resaleValue,
                    let worth = course.reported.value, worth.minorUnits > 0,
                    sold.currency == worth.currency
                else { return nil }
                return (Double(sold.minorUnits), Double(worth.minorUnits))
            }
            func rate(_ weights: [Int]?) -> Double? {
                var (sold, worth) = (0.0, 0.0)
                for (index, pair) in pairs.enumerated() {
                    let weight = Double(weights?[index] ?? 1)
                    sold += weight * pair.sold
                    worth += weight * pair.worth
                }
                return worth > 0 ? sold / worth : nil
            }
            guard let value = rate(nil) else {
                section.leaveOut(key, name, because: "no resale value was stated")
                continue
            }
            let delays = closed.compactMap { course in
                course.reported.truth.flatMap { truth in
                    course.close.map { seconds(from: $0.at, to: truth.at) }
                }
            }.sorted()
            let delay = QuantileEstimate(0.5, ofSorted: delays)?.value ?? 0
            section.add(
                KeyFigure(
                    key, name, unit: .share, value: value, n: pairs.count,
                    interval: QualityFigures.bootstrap(pairs.count).interval(
                        groups: Array(pairs.indices)
                    ) { rate($0) }, method: "bootstrap",
                    note: "the warehouse's word came after \(FigureText.duration(seconds: delay))"
                        + " in the median"))
        }
    }

    /// What wrong recommendations cost a return, from the random audit sample.
    private func addMisroute(
        _ cases: [CaseCourse], _ parameters: CostParameters, to section: inout FigureSection
    ) -> MeanEstimate? {
        let (key, name) = ("misroute_cost", "Misroute cost per return")
        var costs: [Double] = []
        var weights: [Double] = []
        for course in cases {
            guard let audit = course.audit, let judgement = course.judgement,
                let value = major(course.reported.value, parameters)
            else { continue }
            let share =
                parameters.misroute[audit.outcome.rawValue]?[judgement.recommended.rawValue] ?? 0
            costs.append(share * value)
            weights.append(1 / audit.probability)
        }
        let estimate = MeanEstimate(costs, weights: weights)
        guard let value = estimate.value else {
            section.leaveOut(
                key, name,
                because: "no answer from a random audit sample with a value in "
                    + parameters.currency)
            return nil
        }
        section.add(
            KeyFigure(
                key, name, unit: .money, value: value, n: estimate.count,
                interval: estimate.interval(), method: "normal",
                note: "\(parameters.currency), costs \(parameters.id); random audit sample, "
                    + "weighted by 1/π"))
        return estimate
    }

    private func addCost(
        _ closed: [CaseCourse], _ parameters: CostParameters, _ misroute: MeanEstimate?,
        to section: inout FigureSection
    ) {
        let priced = closed.filter { major($0.reported.value, parameters) != nil }
        let parts: [(String, String, (CaseCourse) -> Double)] = [
            (
                "compute", "computing",
                { Double($0.reported.photoCount) * parameters.computePerPhoto }
            ),
            (
                "review", "people",
                { ReviewFigures.handlingSeconds(of: $0) / 3600 * parameters.reviewerHour }
            ),
            ("storage", "storage", { _ in parameters.storagePerReturn }),
            (
                "shipping", "shipping",
                { parameters.shipping[$0.close?.outcome.rawValue ?? ""] ?? 0 }
            ),
            (
                "write_down", "write-down",
                { course in
                    (parameters.writeDown[course.close?.outcome.rawValue ?? ""] ?? 0)
                        * (major(course.reported.value, parameters) ?? 0)
                }
            ),
        ]
        let totals = MeanEstimate(priced.map { course in parts.reduce(0) { $0 + $1.2(course) } })
        guard let total = totals.value else {
            return section.leaveOut(
                "cost_per_return", "Cost per return",
                because: "no closed case has a value in \(parameters.currency)")
        }
        let errors = [totals.standardError, misroute?.standardError].compactMap { $0 }
        let error = errors.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let value = total + (misroute?.value ?? 0)
        let half = NormalDistribution.quantile(0.975) * error
        section.add(
            KeyFigure(
                "cost_per_return", "Cost per return", unit: .money, value: value, n: priced.count,
                interval: totals.standardError == nil
                    ? nil : Interval(lower: value - half, upper: value + half), method: "normal",
                note: "\(parameters.currency), costs \(parameters.id)"
                    + (misroute == nil ? "; without misroutes, which are not known" : "")))
        for (key, name, cost) in parts {
            let mean = MeanEstimate(priced.map(cost))
            guard let value = mean.value else { continue }
            section.add(
                KeyFigure(
                    "cost_\(key)", "… of which \(name)", unit: .money, value: value,
                    n: mean.count, interval: mean.interval(), method: "normal"))
        }
    }

    private func addReturnOnInvestment(
        _ parameters: CostParameters, _ count: Int, to section: inout FigureSection
    ) {
        guard let implementation = parameters.implementation, implementation > 0,
            let savings = parameters.refundSavings,
            let increase = parameters.lifetimeValueIncrease
        else {
            return section.leaveOut(
                "roi", "Return on investment",
                because: "the cost parameters state no implementation, refund_savings and "
                    + "lifetime_value_increase")
        }
        section.add(
            KeyFigure(
                "roi", "Return on investment", unit: .number,
                value: (savings + increase) / implementation, n: count,
                note: "from the sums stated in costs \(parameters.id), nothing observed here"))
    }

    private func major(_ money: Money?, _ parameters: CostParameters) -> Double? {
        guard let money, money.currency == parameters.currency else { return nil }
        return Double(money.minorUnits) / pow(10, Double(money.minorDigitCount))
    }
}

extension Money {
    /// Decimals of the currency's minor unit (ISO 4217).
    var minorDigitCount: Int {
        switch currency {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
            "VUV", "XAF", "XOF", "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        default: 2
        }
    }
}
