public import Statistics

/// Shares with their intervals below one another, so that the eye sees what differs and what does
/// not.
public struct IntervalPlot: Sendable {
    /// One share.
    public struct Row: Sendable {
        /// What it is a share of.
        public let label: String
        /// The share, 0…1.
        public let value: Double
        /// Where it may lie.
        public let interval: Interval
        /// How many cases it rests on.
        public let count: Int

        /// Creates a row.
        public init(label: String, value: Double, interval: Interval, count: Int) {
            self.label = label
            self.value = value
            self.interval = interval
            self.count = count
        }
    }

    private let title: String
    private let rows: [Row]

    /// Creates a plot.
    public init(title: String, rows: [Row]) {
        self.title = title
        self.rows = rows
    }

    /// The plot as SVG.
    public var html: HTML {
        let (left, width, rowHeight) = (210.0, 300.0, 25.0)
        let bottom = Double(rows.count) * rowHeight + 6
        var content = HTML()
        for tick in stride(from: 0, through: 100, by: 25) {
            let x = left + width * Double(tick) / 100
            content += Plot.line(x, 2, x, bottom)
            content += Plot.text(
                "\(tick) %", x: x, y: bottom + 16, anchor: "middle", isQuiet: true)
        }
        for (number, row) in rows.enumerated() {
            let y = Double(number) * rowHeight + 16
            content += Plot.text(row.label, x: left - 12, y: y + 4, anchor: "end")
            content += Plot.line(
                left + width * row.interval.lower, y, left + width * row.interval.upper, y,
                style: "whisker")
            content += """
                <circle class="dot" cx="\(Plot.coordinate(left + width * row.value))" \
                cy="\(Plot.coordinate(y))" r="4.5"/>
                """
            content += Plot.text(
                "\(FigureText.percent(row.value)) · n \(row.count)", x: left + width + 14,
                y: y + 4, isQuiet: true)
        }
        let said = rows.map {
            "\($0.label) \(FigureText.percent($0.value)), \(FigureText.percent($0.interval.lower)) "
                + "to \(FigureText.percent($0.interval.upper))"
        }
        return Plot.drawing(
            width: left + width + 120, height: bottom + 22, title: title,
            description: said.joined(separator: "; "), content)
    }
}
