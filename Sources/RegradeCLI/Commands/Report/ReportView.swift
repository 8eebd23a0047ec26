import Reporting

/// A report as a person reads it in a terminal.
struct ReportView {
    let terminal: Terminal

    /// The lines to print.
    func lines(of report: KPIReport) -> [String] {
        [
            terminal.styled("cases submitted from \(report.window.since)", .bold),
            terminal.styled("               until \(report.window.until)", .bold),
        ] + report.sections.flatMap(lines)
    }

    private func lines(of section: FigureSection) -> [String] {
        var figures = Table()
        for figure in section.figures {
            figures.add(
                "  " + figure.name, FigureWords.value(figure), FigureWords.interval(figure),
                "n \(figure.n)")
        }
        var absent = Table()
        for figure in section.absent {
            absent.add("  " + figure.name, terminal.styled("– " + figure.reason, .dim))
        }
        // A remark stands under its figure: beside it, lines would be too long to read.
        let lines = zip(section.figures, figures.lines).flatMap { figure, line in
            let remark = FigureWords.remarks(figure)
            return remark.isEmpty ? [line] : [line, terminal.styled("      " + remark, .dim)]
        }
        return ["", terminal.styled(section.title, .bold)] + lines + absent.lines
    }
}
