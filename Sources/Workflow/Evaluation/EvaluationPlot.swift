import Foundation
public import Statistics

/// The two plots of an evaluation's page, as SVG.
enum EvaluationPlot {
    private static let side = 300.0
    private static let margin = 40.0

    /// Accuracy against confidence, raw hollow and calibrated filled; right is on the diagonal.
    static func reliability(_ question: Evaluation.Question) -> String {
        let diagonal = line([(0, 0), (1, 1)], style: "stroke:#999;stroke-dasharray:4")
        let raw = dots(question.raw.reliability, style: "fill:none;stroke:#b35c00")
        let calibrated = dots(question.calibrated.reliability, style: "fill:#1a5fb4")
        return frame(
            diagonal + raw + calibrated, title: "Reliability (hollow: raw, filled: calibrated)",
            horizontal: "confidence", vertical: "accuracy", highest: 1)
    }

    /// The observed risk of the surest answers against their share.
    static func riskCoverage(_ question: Evaluation.Question) -> String {
        let highest = max(question.curve.map(\.risk).max() ?? 0, 0.02)
        let points = question.curve.map { ($0.coverage, $0.risk / highest) }
        return frame(
            line(points, style: "stroke:#1a5fb4;stroke-width:2"), title: "Risk and coverage",
            horizontal: "coverage", vertical: "risk", highest: highest)
    }

    private static func dots(_ bins: [Reliability.Bin], style: String) -> String {
        bins.map { bin in
            let (x, y) = place(bin.confidence, bin.accuracy)
            return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"4\" style=\"\(style)\"/>"
        }.joined()
    }

    private static func line(_ points: [(Double, Double)], style: String) -> String {
        let text = points.map { point in
            let (x, y) = place(point.0, point.1)
            return "\(x),\(y)"
        }.joined(separator: " ")
        return "<polyline points=\"\(text)\" style=\"fill:none;\(style)\"/>"
    }

    /// From shares of the axes to the picture, whose rows count from above.
    private static func place(_ x: Double, _ y: Double) -> (String, String) {
        (
            String(format: "%.1f", margin + x * side),
            String(format: "%.1f", margin + (1 - y) * side)
        )
    }

    private static func frame(
        _ content: String, title: String, horizontal: String, vertical: String, highest: Double
    ) -> String {
        let whole = Int(side + 2 * margin)
        let bottom = Int(side + margin)
        let top = String(format: "%.3g", highest)
        return """
            <svg width="\(whole)" height="\(whole)" viewBox="0 0 \(whole) \(whole)" role="img">
            <title>\(title)</title>
            <rect x="40" y="40" width="300" height="300" style="fill:none;stroke:#ccc"/>
            \(content)
            <g style="font:12px system-ui"><text x="40" y="24">\(title)</text>
            <text x="40" y="\(bottom + 18)">0</text><text x="332" y="\(bottom + 18)">1</text>
            <text x="150" y="\(bottom + 32)">\(horizontal)</text>
            <text x="4" y="46">\(top)</text><text x="26" y="\(bottom)">0</text>
            <text x="14" y="230" transform="rotate(-90 14 230)">\(vertical)</text></g></svg>
            """
    }
}

extension Figure {
    /// Puts a figure together, such as a share with its exact interval.
    public init(value: Double?, interval: Interval?) {
        self.init(value: value, interval: interval, method: nil)
    }

    /// `0.912 (0.880 to 0.941)`; a star marks an exact interval, a dash what is not defined.
    public func text(decimals: Int, scale: Double = 1, unit: String = "") -> String {
        guard let value else { return "–" }
        func number(_ value: Double) -> String {
            String(format: "%.\(decimals)f", value * scale)
        }
        guard let interval else { return number(value) + unit }
        let star = method == .clopperPearson ? "*" : ""
        return "\(number(value))\(unit) (\(number(interval.lower)) to "
            + "\(number(interval.upper)))\(star)"
    }

    /// `91.2 % (88.0 to 94.1)`.
    public var percentText: String { text(decimals: 1, scale: 100, unit: " %") }
}

extension Optional<Double> {
    /// The number, or a dash.
    func text(decimals: Int) -> String {
        map { String(format: "%.\(decimals)f", $0) } ?? "–"
    }
}
