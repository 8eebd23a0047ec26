public import Statistics

/// One figure of a report: what, how much, from how many cases, and how sure.
public struct KeyFigure: Encodable, Hashable, Sendable {
    /// What the value counts.
    public enum Unit: String, Encodable, Hashable, Sendable {
        /// 0…1, shown in percent.
        case share
        /// Seconds.
        case seconds
        /// So many an hour.
        case perHour = "per_hour"
        /// Major units of the currency of the cost parameters.
        case money
        /// A bare number.
        case number
        /// So many cases.
        case count
    }

    /// The stable name for machines.
    public let key: String
    /// The name for people.
    public let name: String
    /// What ``value`` counts.
    public let unit: Unit
    /// The figure.
    public let value: Double
    /// How many cases it rests on.
    public let n: Int
    /// The 95 % interval; nil where none can be stated.
    public let interval: Interval?
    /// How the interval was made.
    public let method: String?
    /// What a reader must know before using it.
    public let note: String?

    /// Creates a figure.
    public init(
        _ key: String, _ name: String, unit: Unit, value: Double, n: Int,
        interval: Interval? = nil, method: String? = nil, note: String? = nil
    ) {
        self.key = key
        self.name = name
        self.unit = unit
        self.value = value
        self.n = n
        self.interval = interval
        self.method = method
        self.note = note
    }
}

/// A figure that these data do not allow, and why.
public struct AbsentFigure: Encodable, Hashable, Sendable {
    /// The stable name for machines.
    public let key: String
    /// The name for people.
    public let name: String
    /// What is missing.
    public let reason: String

    /// Names a figure and what it lacks.
    public init(_ key: String, _ name: String, reason: String) {
        self.key = key
        self.name = name
        self.reason = reason
    }
}

/// Figures of one kind, and those of the kind that could not be computed.
public struct FigureSection: Encodable, Hashable, Sendable {
    /// What they are about.
    public let title: String
    /// The figures, in the order in which they are read.
    public private(set) var figures: [KeyFigure] = []
    /// What is missing and why.
    public private(set) var absent: [AbsentFigure] = []

    /// Starts a section.
    public init(_ title: String) { self.title = title }

    /// Adds a figure.
    public mutating func add(_ figure: KeyFigure) { figures.append(figure) }

    /// Says why there is no figure.
    public mutating func leaveOut(_ key: String, _ name: String, because reason: String) {
        absent.append(AbsentFigure(key, name, reason: reason))
    }

    /// Adds a share with Wilson's interval, or says that there is no case.
    mutating func addShare(
        _ key: String, _ name: String, _ hits: Int, of count: Int, none: String,
        note: String? = nil
    ) {
        guard count > 0 else { return leaveOut(key, name, because: none) }
        let proportion = Proportion(successCount: hits, count: count)
        add(
            KeyFigure(
                key, name, unit: .share, value: proportion.share ?? 0, n: count,
                interval: proportion.wilson(), method: "Wilson", note: note))
    }

    /// Adds a few quantiles of durations in seconds, or says that there are none.
    mutating func addQuantiles(
        _ key: String, _ name: String, of seconds: [Double], at shares: [Double], none: String
    ) {
        guard !seconds.isEmpty else { return leaveOut(key, name, because: none) }
        let sorted = seconds.sorted()
        for share in shares {
            guard let estimate = QuantileEstimate(share, ofSorted: sorted) else { continue }
            let percent = Int((share * 100).rounded())
            add(
                KeyFigure(
                    "\(key)_p\(percent)", "\(name), p\(percent)", unit: .seconds,
                    value: estimate.value, n: sorted.count, interval: estimate.interval,
                    method: "order statistics",
                    note: estimate.interval == nil ? "too few cases for an interval" : nil))
        }
    }
}
