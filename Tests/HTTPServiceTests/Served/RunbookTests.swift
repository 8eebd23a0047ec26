import Foundation
import TestSupport
import Testing

/// Metrics, alerts and the runbook of `docs/operating.md` name the same things.
struct RunbookTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
    }

    /// The families that a text names: a histogram's series belong to it.
    private static func metrics(in text: String) -> Set<String> {
        Set(
            text.matches(of: #/\b(?:regrade|process)_[a-z_]+[a-z]/#).map { match in
                String(match.output).replacing(#/_(bucket|count|sum)$/#, with: "")
            })
    }

    private static func alerts(in text: String) -> Set<String> {
        Set(text.matches(of: #/\bRegrade[A-Z][A-Za-z]+/#).map { String($0.output) })
    }

    @Test func everyMetricHasItsRowAndEveryRowItsMetric() async throws {
        let served = try await ServedData()
        let page = String(
            decoding: try await served.send("GET", "/metrics").body, as: UTF8.self)
        try await served.stop()
        let families = Set(
            page.matches(of: #/# TYPE (\S+) /#).map { String($0.output.1) })
        let operating = try Self.text("docs/operating.md")
        let runbook = try #require(operating.split(separator: "### Runbook").last)
        #expect(Self.metrics(in: String(runbook)) == families)
        let alerts = try Self.text("scripts/service/alerts.yaml")
        #expect(Self.metrics(in: alerts).isSubset(of: families))
    }

    @Test func everyAlertHasItsRemedyAndEveryRemedyItsAlert() throws {
        let alerts = try Self.text("scripts/service/alerts.yaml")
        let named = Set(
            alerts.matches(of: #/- alert: (\w+)/#).map { String($0.output.1) })
        #expect(named.count > 15)
        let operating = try Self.text("docs/operating.md")
        let rows = Set(
            operating.matches(of: #/(?m)^\| (Regrade\w+) \| (?:`[^|]+) \| [^|]+ \| [^|]+ \|$/#)
                .map { String($0.output.1) })
        #expect(rows == named)
        #expect(Self.alerts(in: operating).isSubset(of: named))
    }
}
