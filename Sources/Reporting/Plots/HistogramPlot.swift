/// How often values between 0 and 1 fell into bins of equal width, stacked by what they belong to.
public struct HistogramPlot: Sendable {
    /// One layer of the stack.
    public struct Layer: Sendable {
        /// What it counts.
        public let label: String
        /// Counts from the lowest bin to the highest.
        public let counts: [Int]
        /// The class that gives it its colour.
        public let style: String

        /// Creates a layer.
        public init(label: String, counts: [Int], style: String = "bar") {
            self.label = label
            self.counts = counts
            self.style = style
        }
    }

    private let title: String
    private let layers: [Layer]

    /// Creates a plot; all layers have the same number of bins.
    public init(title: String, layers: [Layer]) {
        self.title = title
        self.layers = layers
    }

    /// The plot as SVG.
    public var html: HTML {
        let binCount = layers.first?.counts.count ?? 0
        let totals = (0..<binCount).map { bin in layers.reduce(0) { $0 + $1.counts[bin] } }
        let most = max(1, totals.max() ?? 1)
        let (left, width, height) = (44.0, 420.0, 150.0)
        let binWidth = width / Double(max(1, binCount))
        var content = HTML()
        for bin in 0..<binCount {
            var y = height + 8
            for layer in layers where layer.counts[bin] > 0 {
                let barHeight = height * Double(layer.counts[bin]) / Double(most)
                y -= barHeight
                content += Plot.rectangle(
                    x: left + Double(bin) * binWidth + 0.75, y: y, width: binWidth - 1.5,
                    height: barHeight, style: layer.style)
            }
        }
        content += Plot.line(left, height + 8, left + width, height + 8)
        for tick in stride(from: 0, through: 100, by: 25) {
            content += Plot.text(
                "\(tick) %", x: left + width * Double(tick) / 100, y: height + 26,
                anchor: "middle", isQuiet: true)
        }
        content += Plot.text("\(most)", x: left - 6, y: 16, anchor: "end", isQuiet: true)
        content += Plot.text("0", x: left - 6, y: height + 10, anchor: "end", isQuiet: true)
        let said = totals.enumerated().filter { $0.element > 0 }.map { bin, count in
            "\(bin * 100 / max(1, binCount)) to \((bin + 1) * 100 / max(1, binCount)) %: \(count)"
        }
        return Plot.drawing(
            width: left + width + 16, height: height + 34, title: title,
            description: said.joined(separator: ", "), content)
    }
}
