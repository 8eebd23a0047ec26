/// One quantity against another, both between 0 and a stated end.
public struct CurvePlot: Sendable {
    /// A place on the curve.
    public struct Point: Sendable, Hashable {
        /// Along the horizontal axis.
        public let x: Double
        /// Along the vertical axis.
        public let y: Double

        /// Creates a point.
        public init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// How points are connected.
    public enum Form: Sendable {
        /// Straight lines.
        case line
        /// Level until the next point, as survival curves are.
        case steps
        /// Not at all, with the diagonal on which points would be perfect.
        case dotsAgainstDiagonal
    }

    private let title: String
    private let xLabel: String
    private let yLabel: String
    private let xEnd: Double
    private let yEnd: Double
    private let xEndText: String
    private let yEndText: String
    private let points: [Point]
    private let form: Form

    /// Creates a plot.
    ///
    /// - Parameters:
    ///   - xEnd: What lies at the right edge, above 0, and what it is called there.
    ///   - yEnd: What lies at the upper edge, above 0, and what it is called there.
    ///   - points: In ascending order of x.
    public init(
        title: String, xLabel: String, yLabel: String, xEnd: (Double, String),
        yEnd: (Double, String), points: [Point], form: Form
    ) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        (self.xEnd, xEndText) = xEnd
        (self.yEnd, yEndText) = yEnd
        self.points = points
        self.form = form
    }

    private let left = 56.0
    private let top = 10.0
    private let width = 390.0
    private let height = 180.0

    /// The plot as SVG.
    public var html: HTML {
        var content = axes
        switch form {
        case .line, .steps:
            content += "<path class=\"curve\" d=\"\(path)\"/>"
        case .dotsAgainstDiagonal:
            content += Plot.line(left, top + height, left + width, top)
            for point in points {
                let (x, y) = place(point)
                content += """
                    <circle class="dot" cx="\(Plot.coordinate(x))" cy="\(Plot.coordinate(y))" \
                    r="4"/>
                    """
            }
        }
        let ends = [points.first, points.last].compactMap { $0 }.map {
            "\(xLabel) \(Plot.coordinate($0.x)): \(yLabel) \(Plot.coordinate($0.y))"
        }
        return Plot.drawing(
            width: left + width + 24, height: top + height + 40, title: title,
            description: "\(yLabel) against \(xLabel), \(points.count) points; "
                + ends.joined(separator: " to "), content)
    }

    private var axes: HTML {
        let bottom = top + height
        return Plot.line(left, top, left, bottom) + Plot.line(left, bottom, left + width, bottom)
            + Plot.text("0", x: left - 6, y: bottom + 4, anchor: "end", isQuiet: true)
            + Plot.text(yEndText, x: left - 6, y: top + 6, anchor: "end", isQuiet: true)
            + Plot.text(xEndText, x: left + width, y: bottom + 18, anchor: "end", isQuiet: true)
            + Plot.text(xLabel, x: left, y: bottom + 34, isQuiet: true)
            + Plot.text(yLabel, x: left + 6, y: top + 4, isQuiet: true)
    }

    private func place(_ point: Point) -> (Double, Double) {
        (
            left + width * min(max(point.x / xEnd, 0), 1),
            top + height * (1 - min(max(point.y / yEnd, 0), 1))
        )
    }

    private var path: String {
        var commands = ""
        var last: (Double, Double)?
        for point in points {
            let (x, y) = place(point)
            if let last {
                if form == .steps { commands += "H\(Plot.coordinate(x))" }
                if form == .line || y != last.1 {
                    commands +=
                        form == .steps
                        ? "V\(Plot.coordinate(y))"
                        : "L\(Plot.coordinate(x)) \(Plot.coordinate(y))"
                }
            } else {
                commands += "M\(Plot.coordinate(x)) \(Plot.coordinate(y))"
            }
            last = (x, y)
        }
        return commands
    }
}
