import Foundation

/// Shared by the plots: numbers and axes as SVG.
///
/// Plots are pure functions from values to markup. Each has a title and a description for those who
/// do not see it, and its colours come from the page, so that it follows light, dark and print.
enum Plot {
    /// A coordinate with at most two decimals, so that the same values give the same bytes.
    static func coordinate(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let hundredths = Int((value * 100).rounded())
        let whole = abs(hundredths) / 100
        let rest = abs(hundredths) % 100
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        return rest % 10 == 0
            ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// The frame of a plot.
    ///
    /// - Parameters:
    ///   - width: In the units of the drawing; the page scales it.
    ///   - height: In the same units.
    static func drawing(
        width: Double, height: Double, title: String, description: String, _ content: HTML
    ) -> HTML {
        let box = "0 0 \(coordinate(width)) \(coordinate(height))"
        return """
            <svg viewBox="\(box)" role="img" aria-label="\(title + ". " + description)">\
            <title>\(title)</title><desc>\(description)</desc>\(content)</svg>
            """
    }

    static func text(
        _ text: String, x: Double, y: Double, anchor: String = "start", isQuiet: Bool = false
    ) -> HTML {
        let style: HTML = isQuiet ? " class=\"quiet\"" : ""
        return """
            <text x="\(coordinate(x))" y="\(coordinate(y))" text-anchor="\(anchor)"\(style)>\
            \(text)</text>
            """
    }

    static func rectangle(
        x: Double, y: Double, width: Double, height: Double, style: String
    ) -> HTML {
        """
        <rect class="\(style)" x="\(coordinate(x))" y="\(coordinate(y))" \
        width="\(coordinate(max(0, width)))" height="\(coordinate(max(0, height)))"/>
        """
    }

    static func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String = "axis"
    ) -> HTML {
        """
        <line class="\(style)" x1="\(coordinate(x1))" y1="\(coordinate(y1))" \
        x2="\(coordinate(x2))" y2="\(coordinate(y2))"/>
        """
    }
}
