import Foundation
import ReturnsDomain

/// Numbers as people read them.
enum Figures {
    /// `71 %`.
    static func percent(_ share: Double) -> String {
        "\(Int((share * 100).rounded())) %"
    }

    /// `71 %`, rounded down, so that nothing looks surer than it is.
    static func sureness(_ confidence: Double) -> String {
        "\(Int((confidence * 100).rounded(.down))) %"
    }

    /// `0.021`.
    static func ratio(_ value: Double) -> String { String(format: "%.3f", value) }

    /// `4.9 ms`, or `132 ms` from 100 on.
    static func milliseconds(_ value: Double) -> String {
        String(format: value < 100 ? "%.1f ms" : "%.0f ms", value)
    }

    /// `129.00 EUR`; currencies without minor units (ISO 4217) have no decimals.
    static func money(_ money: Money) -> String {
        let decimals: Int
        switch money.currency {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
            "VUV", "XAF", "XOF", "XPF":
            decimals = 0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": decimals = 3
        default: decimals = 2
        }
        let divisor = pow(10, Double(decimals))
        return String(format: "%.\(decimals)f ", Double(money.minorUnits) / divisor)
            + money.currency
    }

    /// `3 s`, `4 min 10 s`, `2 h 5 min`, `41 days`.
    static func duration(seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        if whole < 2 * 86_400 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
        return "\(whole / 86_400) days"
    }

    /// `seen in insp_…, 41 days ago, the same file`.
    static func sighting(_ sighting: PhotoSighting, now: Timestamp = .now) -> String {
        let age = now.millisecondsSince1970 - sighting.seenAt.millisecondsSince1970
        return "seen in \(sighting.inspection), "
            + duration(seconds: Double(max(age, 0)) / 1000) + " ago, "
            + (sighting.distance.map { "looks alike (\($0) of 64 bits differ)" }
                ?? "the same file")
    }

    /// A bar of eighths of a block, `width` columns at 1.
    static func bar(_ share: Double, width: Int) -> String {
        let eighths = Int((min(max(share, 0), 1) * Double(width * 8)).rounded())
        let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        let full = String(repeating: "█", count: eighths / 8) + partial
        return full + String(repeating: " ", count: width - full.count)
    }
}
