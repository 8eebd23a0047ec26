import ReturnsDomain

/// A report as a page.
public struct KPIPage: Sendable {
    private let report: KPIReport

    /// Shows a report.
    public init(_ report: KPIReport) { self.report = report }

    /// The page.
    public var page: HTMLPage {
        HTMLPage(
            title: "Returns report",
            body: header + plots + HTML(report.sections.map(section)) + footer)
    }

    private var header: HTML {
        let confined = [
            report.category.map { "category \($0)" }, report.region.map { "region \($0)" },
        ]
        .compactMap { $0 }
        let scope = confined.isEmpty ? "" : ", " + confined.joined(separator: ", ")
        return """
            <header><h1>Returns report</h1>
            <p class="quiet">Cases submitted from \(report.window.since.description) until \
            \(report.window.until.description)\(scope). Every figure stands with the number of \
            cases it rests on and its 95 % interval, Wilson's where nothing else is said.</p>\
            </header>

            """
    }

    private var plots: HTML {
        let shares = report.sections.prefix(3).flatMap(\.figures).compactMap { figure in
            figure.unit == .share
                ? figure.interval.map {
                    IntervalPlot.Row(
                        label: Self.short(figure.name), value: figure.value, interval: $0,
                        count: figure.n)
                } : nil
        }
        let order = Outcome.allCases.map(\.rawValue) + ["erased"]
        let bars = order.compactMap { word in
            report.curves.outcomes[word].map {
                BarPlot.Bar(
                    label: word.replacing("_", with: " "), count: $0,
                    style: word == "erased" ? "unreadable" : word)
            }
        }
        var figures: [(HTML, String)] = [
            (BarPlot(title: "Cases by outcome", bars: bars).html, "Cases by what became of them.")
        ]
        if !shares.isEmpty {
            figures.append(
                (
                    IntervalPlot(title: "Shares with intervals", rows: shares).html,
                    "Shares with their 95 % intervals."
                ))
        }
        figures += curves
        let content = HTML(
            figures.map { plot, caption in
                "<figure>\(plot)<figcaption>\(caption)</figcaption></figure>\n"
            })
        return "<section><div class=\"pair\">\n\(content)</div></section>\n"
    }

    private var curves: [(HTML, String)] {
        var figures: [(HTML, String)] = []
        if let last = report.curves.open.last, last.x > 0 {
            figures.append(
                (
                    CurvePlot(
                        title: "Cases still open", xLabel: "hours since the first photo",
                        yLabel: "still open",
                        xEnd: (last.x, FigureText.decimal(last.x, places: 1)),
                        yEnd: (1, "100 %"), points: report.curves.open.map { .init($0.x, $0.y) },
                        form: .steps
                    ).html, "How long cases stay open; those open at the end are counted in."
                ))
        }
        if !report.curves.reliability.isEmpty {
            figures.append(
                (
                    CurvePlot(
                        title: "Calibration", xLabel: "stated confidence, to 100 %",
                        yLabel: "share right", xEnd: (1, ""), yEnd: (1, "100 %"),
                        points: report.curves.reliability.map { .init($0.x, $0.y) },
                        form: .dotsAgainstDiagonal
                    ).html, "Whether confidence comes true: on the line it does."
                ))
            let most = max(0.01, report.curves.risk.map(\.y).max() ?? 1)
            figures.append(
                (
                    CurvePlot(
                        title: "Risk and coverage", xLabel: "share of cases answered",
                        yLabel: "share wrong", xEnd: (1, "100 %"),
                        yEnd: (most, FigureText.percent(most)),
                        points: report.curves.risk.map { .init($0.x, $0.y) }, form: .line
                    ).html, "How wrong the surest answers are, for every share answered."
                ))
        }
        return figures
    }

    /// What fits beside a plot.
    private static func short(_ name: String) -> String {
        name.count > 32 ? name.prefix(31) + "…" : name
    }

    private func section(_ section: FigureSection) -> HTML {
        let rows = HTML(
            section.figures.map { figure in
                """
                <tr><td>\(figure.name)</td><td class="number">\(FigureWords.value(figure))</td>\
                <td class="number">\(FigureWords.interval(figure))</td>\
                <td class="number">\(figure.n)</td>\
                <td class="quiet small">\(FigureWords.remarks(figure))</td></tr>

                """
            })
        let absent = HTML(
            section.absent.map {
                "<tr><td>\($0.name)</td><td class=\"quiet\">\($0.reason)</td></tr>\n"
            })
        var html: HTML = "<section><h2>\(section.title)</h2>\n"
        if !section.figures.isEmpty {
            html += """
                <div class="scroll"><table><thead><tr><th></th><th class="number">figure</th>\
                <th class="number">95 % interval</th><th class="number">n</th><th></th></tr>\
                </thead><tbody>
                \(rows)</tbody></table></div>

                """
        }
        if !section.absent.isEmpty {
            html += """
                <div class="scroll"><table><caption>Not computed, and why</caption><tbody>
                \(absent)</tbody></table></div>

                """
        }
        return html + "</section>\n"
    }

    private var footer: HTML {
        """
        <footer class="small quiet">Computed from the events of the record; the same record gives \
        the same page. It holds no customer's data. What cannot be computed is named with the \
        reason, never guessed.</footer>
        """
    }
}
