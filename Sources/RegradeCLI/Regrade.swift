import ArgumentParser
import Foundation
import Workflow

/// The program `regrade`: inspects photos of returned goods.
@main
struct Regrade: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regrade",
        abstract: "Inspects photos of returned goods: resell, refurbish, reject, or ask a person.",
        discussion: """
            Exit codes: 0 done; 64 usage; 65 bad input; 66 input missing; 69 unavailable; \
            70 internal; 73 cannot create output; 74 I/O error; 75 try again; 78 configuration.
            """,
        version: Program.version,
        subcommands: [
            InspectCommand.self, BatchCommand.self, ReviewCommand.self, ReviewerCommand.self,
            AutomationCommand.self, AuditCommand.self, PolicyCommand.self, ModelCommand.self,
            ReportCommand.self, DoctorCommand.self,
        ])

    /// Parses, runs and turns every failure into a sentence on stderr and an exit code.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Terminal.standard.complain(failure)
            Foundation.exit(failure.kind.exitCode)
        } catch let exitCode as ExitCode {
            Foundation.exit(exitCode.rawValue)
        } catch let error where Regrade.exitCode(for: error) != .failure {
            // Help, version and mistakes in the arguments: ArgumentParser knows what to print.
            exit(withError: error)
        } catch {
            let failure = Failure(describing: error)
            Terminal.standard.complain(failure)
            Foundation.exit(failure.kind.exitCode)
        }
    }
}
