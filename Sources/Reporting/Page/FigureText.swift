import Foundation

/// Numbers as people read them; the same on every machine, whatever its language.
public enum FigureText {
    /// `71.4 %`.
    public static func percent(_ share: Double) -> String {
        decimal(share * 100, places: 1) + " %"
    }

    /// `71.4 %` of a count; a dash without any.
    public static func percent(_ count: Int, of total: Int) -> String {
        total == 0 ? "–" : percent(Double(count) / Double(total))
    }

    /// `0.714`, with as many places as stated.
    public static func decimal(_ value: Double, places: Int) -> String {
        String(format: "%.\(places)f", value)
    }

    /// `850 ms`, `12.3 s`, `4.2 min`, `3.1 h`, `2.5 d`.
    public static func duration(seconds: Double) -> String {
        switch abs(seconds) {
        case ..<1: decimal(seconds * 1000, places: 0) + " ms"
        case ..<100: decimal(seconds, places: 1) + " s"
        case ..<5_400: decimal(seconds / 60, places: 1) + " min"
        case ..<172_800: decimal(seconds / 3_600, places: 1) + " h"
        default: decimal(seconds / 86_400, places: 1) + " d"
        }
    }
}
