/// Horizontal bars with their figures: how often each of a few things happened.
public struct BarPlot: Sendable {
    /// One bar.
    public struct Bar: Sendable {
        /// What is counted.
        public let label: String
        /// How often, at least 0.
        public let count: Int
        /// The class that gives the bar its colour.
        public let style: String

        /// Creates a bar.
        public init(label: String, count: Int, style: String = "bar") {
            self.label = label
            self.count = count
            self.style = style
        }
    }

    private let title: String
    private let bars: [Bar]

    /// Creates a plot.
    public init(title: String, bars: [Bar]) {
        self.title = title
        self.bars = bars
    }

    /// The plot as SVG.
    public var html: HTML {
        let total = bars.reduce(0) { $0 + $1.count }
        let most = max(1, bars.map(\.count).max() ?? 1)
        let (labelWidth, barWidth, rowHeight) = (110.0, 300.0, 26.0)
        var content = HTML()
        for (row, bar) in bars.enumerated() {
            let y = Double(row) * rowHeight
            let width = barWidth * Double(bar.count) / Double(most)
            content += Plot.text(bar.label, x: labelWidth - 10, y: y + 16, anchor: "end")
            content += Plot.rectangle(
                x: labelWidth, y: y + 4, width: bar.count > 0 ? max(1.5, width) : 0, height: 17,
                style: bar.style)
            content += Plot.text(
                "\(bar.count) · \(FigureText.percent(bar.count, of: total))",
                x: labelWidth + width + 8, y: y + 16, isQuiet: true)
        }
        let said = bars.map { "\($0.label) \($0.count)" }.joined(separator: ", ")
        return Plot.drawing(
            width: labelWidth + barWidth + 110, height: Double(bars.count) * rowHeight,
            title: title, description: said, content)
    }
}
