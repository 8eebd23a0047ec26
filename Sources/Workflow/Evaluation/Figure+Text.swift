import Foundation
public import Statistics

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
