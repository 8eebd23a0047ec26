import Statistics

/// A figure in words, for pages and terminals.
public enum FigureWords {
    /// `71.4 %`, `3.1 h`, `0.714`.
    public static func value(_ figure: KeyFigure) -> String { text(figure.value, figure.unit) }

    /// `60.2 % – 80.1 %`; a dash where there is none.
    public static func interval(_ figure: KeyFigure) -> String {
        guard let interval = figure.interval else { return "–" }
        return text(interval.lower, figure.unit) + " – " + text(interval.upper, figure.unit)
    }

    /// How the interval was made, unless it is Wilson's as for every plain share, and what a reader
    /// must know.
    public static func remarks(_ figure: KeyFigure) -> String {
        [figure.interval == nil || figure.method == "Wilson" ? nil : figure.method, figure.note]
            .compactMap { $0 }
            .joined(separator: "; ")
    }

    private static func text(_ value: Double, _ unit: KeyFigure.Unit) -> String {
        switch unit {
        case .share: FigureText.percent(value)
        case .seconds: FigureText.duration(seconds: value)
        case .perHour: FigureText.decimal(value, places: 1)
        case .money: FigureText.decimal(value, places: 2)
        case .number: FigureText.decimal(value, places: 3)
        case .count: FigureText.decimal(value, places: 0)
        }
    }
}
