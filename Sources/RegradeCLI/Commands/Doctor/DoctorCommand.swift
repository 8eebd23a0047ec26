import ArgumentParser
import Workflow

/// `regrade doctor`: what is there, what is wrong, and how to mend it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks libraries, kernels, model, policy and data directory.")

    @OptionGroup(title: "Judging") var judging: JudgingOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let report = await Doctor(settings: try await judging.settings(common)).examine()
        if common.json {
            try Terminal.standard.say(json: report)
        } else {
            var table = Table()
            for finding in report.findings {
                let mark =
                    finding.isRight
                    ? Terminal.standard.styled("ok  ", .green)
                    : Terminal.standard.styled("BAD ", .red, .bold)
                table.add(mark, finding.subject, finding.text)
            }
            table.lines.forEach { Terminal.standard.say($0) }
            for finding in report.findings {
                if let cure = finding.cure { Terminal.standard.say("\(finding.subject): \(cure)") }
            }
        }
        guard report.isRight else { throw ExitCode(78) }
    }
}
