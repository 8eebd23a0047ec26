import Synchronization

/// One metric with all its label values, counted by anybody and written as Prometheus text.
///
/// - SeeAlso: Prometheus, "Exposition formats", text format 0.0.4.
package final class MetricFamily: Sendable {
    /// What the numbers mean.
    package enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    let name: String
    let kind: Kind
    private let help: String
    private let labels: [String]
    private let bounds: [Double]
    private let series = Mutex<[[String]: Series]>([:])

    private struct Series {
        var value = 0.0
        var count = 0
        /// How many values each bound holds, not yet summed up.
        var buckets: [Int]
    }

    /// More label values than this are a mistake: ids must not be labels.
    private static let seriesCountLimit = 1_000

    /// Creates a family without a series.
    ///
    /// - Parameter bounds: Upper bounds of a histogram's buckets, rising; empty for other kinds.
    package init(
        _ name: String, _ kind: Kind, _ help: String, labels: [String] = [], bounds: [Double] = []
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.bounds = bounds
        if labels.isEmpty && kind != .histogram {
            series.withLock { $0[[]] = Series(buckets: []) }
        }
    }

    /// Adds to a counter.
    package func add(_ amount: Double = 1, _ values: String...) {
        change(values) { $0.value += amount }
    }

    /// Sets a gauge.
    package func set(_ value: Double, _ values: String...) {
        change(values) { $0.value = value }
    }

    /// Puts a value into a histogram.
    package func observe(_ value: Double, _ values: String...) {
        let bucket = bounds.firstIndex { value <= $0 }
        change(values) { series in
            series.value += value
            series.count += 1
            if let bucket { series.buckets[bucket] += 1 }
        }
    }

    private func change(_ values: [String], _ body: (inout Series) -> Void) {
        precondition(values.count == labels.count, "\(name) has the labels \(labels)")
        series.withLock { all in
            guard all[values] != nil || all.count < Self.seriesCountLimit else { return }
            body(&all[values, default: Series(buckets: bounds.map { _ in 0 })])
        }
    }

    /// The lines of the text format, the series in the order of their label values.
    package var text: String {
        let all = series.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var lines = ["# HELP \(name) \(help)", "# TYPE \(name) \(kind.rawValue)"]
        for (values, series) in all {
            let pairs = zip(labels, values).map { "\($0)=\"\(Self.escaped($1))\"" }
            guard kind == .histogram else {
                lines.append(name + Self.braces(pairs) + " " + Self.number(series.value))
                continue
            }
            var sum = 0
            for (bound, count) in zip(bounds, series.buckets) {
                sum += count
                let all = pairs + ["le=\"\(Self.number(bound))\""]
                lines.append("\(name)_bucket\(Self.braces(all)) \(sum)")
            }
            lines.append("\(name)_bucket\(Self.braces(pairs + ["le=\"+Inf\""])) \(series.count)")
            lines.append("\(name)_sum\(Self.braces(pairs)) \(Self.number(series.value))")
            lines.append("\(name)_count\(Self.braces(pairs)) \(series.count)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func braces(_ pairs: [String]) -> String {
        pairs.isEmpty ? "" : "{" + pairs.joined(separator: ",") + "}"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}
