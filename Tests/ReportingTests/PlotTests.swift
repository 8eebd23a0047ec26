import Foundation
import FoundationXML
import Reporting
import Statistics
import Testing

struct PlotTests {
    private static let hostile = "<b>\"&'"

    private static let plots: [(String, HTML)] = [
        (
            "bars",
            BarPlot(
                title: hostile,
                bars: [.init(label: hostile, count: 3), .init(label: "none", count: 0)]
            ).html
        ),
        (
            "histogram",
            HistogramPlot(
                title: hostile,
                layers: [
                    .init(label: hostile, counts: [1, 0, 4]), .init(label: "b", counts: [0, 2, 2]),
                ]
            ).html
        ),
        (
            "curve",
            CurvePlot(
                title: hostile, xLabel: hostile, yLabel: "risk", xEnd: (1, "100 %"),
                yEnd: (0.5, "50 %"), points: [.init(0, 0), .init(0.5, 0.1), .init(1, 0.4)],
                form: .steps
            ).html
        ),
        (
            "intervals",
            IntervalPlot(
                title: hostile,
                rows: [
                    .init(
                        label: hostile, value: 0.5, interval: Interval(lower: 0.4, upper: 0.6),
                        count: 10)
                ]
            ).html
        ),
        ("empty histogram", HistogramPlot(title: "none", layers: []).html),
        ("empty bars", BarPlot(title: "none", bars: []).html),
    ]

    /// SVG is XML, so a parser of XML finds whatever was not closed or escaped.
    @Test(arguments: plots.map(\.0))
    func plotsAreWellFormedAndDescribed(name: String) throws {
        let plot = try #require(Self.plots.first { $0.0 == name }).1
        let parser = XMLParser(data: Data(plot.description.utf8))
        #expect(parser.parse(), "\(plot)")
        #expect(plot.description.contains("role=\"img\""))
        #expect(plot.description.contains("<title>"))
        #expect(!plot.description.contains("nan") && !plot.description.contains("inf"))
    }

    @Test func barsAreAsLongAsTheirCounts() {
        let plot = BarPlot(
            title: "t", bars: [.init(label: "a", count: 10), .init(label: "b", count: 5)])
        #expect(plot.html.description.contains("width=\"300\""))
        #expect(plot.html.description.contains("width=\"150\""))
        #expect(plot.html.description.contains("10 · 66.7 %"))
    }

    @Test(arguments: [
        (0.25, "250 ms"), (12.34, "12.3 s"), (252, "4.2 min"), (11_160, "3.1 h"),
        (216_000, "2.5 d"),
    ])
    func durationsHaveTheirUnit(seconds: Double, expected: String) {
        #expect(FigureText.duration(seconds: seconds) == expected)
    }
}
