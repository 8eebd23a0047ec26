import ArgumentParser
import Foundation
import Reporting
import ReturnsDomain
import Workflow

/// `regrade report`: key figures with the number of cases and 95 % intervals.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Computes key figures of a window of time, each with n and a 95 % interval.",
        discussion: """
            A case belongs to the window in which its first photos came in. Without --until the \
            window ends at the last event of the record, so that the same record gives the same \
            report. What the data do not allow is listed with the reason.

              regrade report --since 30d --data returns
              regrade report --since 2026-11-01 --until 2026-12-01 --html november.html
            """)

    @Option(help: "Where the window begins: 30d, 12h, 4w, a date or RFC 3339 in UTC.")
    var since: String?

    @Option(help: "Where the window ends: a date or RFC 3339 in UTC; the last event by default.")
    var until: String?

    @Option(help: "Only cases of this category.")
    var category: String?

    @Option(help: "Only cases of this region.")
    var region: String?

    @Option(help: "What things cost: a file of schema regrade.costs/1.")
    var costs: String?

    @Option(help: "Write the report as one page with plots.")
    var html: String?

    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let start = try since.map { text in
            guard let start = ReportStart(text) else {
                throw Failure(
                    .usage, code: "since_invalid",
                    "--since is '\(text)', expected 30d, 12h, 4w, a date such as 2026-11-01 or "
                        + "RFC 3339 in UTC")
            }
            return start
        }
        let end = try until.map { text in
            guard let end = Timestamp(reading: text) else {
                throw Failure(
                    .usage, code: "until_invalid",
                    "--until is '\(text)', expected a date such as 2026-11-01 or RFC 3339 in UTC")
            }
            return end
        }
        let parameters = try costs.map { try CostParameters(path: $0) }
        let report = try await common.casebook().report(
            since: start, until: end, category: category, region: region, costs: parameters)
        if let html { try KPIReportFile(report).write(to: html) }
        if common.json {
            try Terminal.standard.say(json: report)
        } else {
            for line in ReportView(terminal: .standard).lines(of: report) {
                Terminal.standard.say(line)
            }
        }
    }
}
