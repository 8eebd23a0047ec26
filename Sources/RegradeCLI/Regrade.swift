import ArgumentParser
import CAllocator
import Foundation
import Imaging
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
            ReportCommand.self, DoctorCommand.self, CaseCommand.self, RetentionCommand.self,
            BackupCommand.self, RestoreCommand.self, ServeCommand.self, KeyCommand.self,
            WebhookCommand.self, ReferenceCommand.self,
        ])

    /// Parses and runs; what was recorded gets its checkpoint, also if the command failed.
    static func main() async {
        if CommandLine.arguments.dropFirst().elementsEqual([DecodingHelper.argument]) {
            Foundation.exit(DecodingHelper.run())
        }
        shareOneHeap()
        do {
            try await runCommand()
            await OpenCasebooks.standard.close()
        } catch {
            await OpenCasebooks.standard.close()
            leave(because: error)
        }
    }

    /// One heap for all threads: each has its own otherwise, and keeps there what a photo of
    /// megabytes left free, 60 to 100 MiB of a service; see docs/performance.md.
    private static func shareOneHeap() {
        #if canImport(Glibc)
            mallopt(M_ARENA_MAX, 1)
        #endif
    }

    private static func runCommand() async throws {
        var command = try parseAsRoot()
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    }

    /// Turns an error into a sentence on stderr and an exit code.
    private static func leave(because error: any Error) {
        switch error {
        case let failure as Failure:
            Terminal.standard.complain(failure)
            Foundation.exit(failure.kind.exitCode)
        case let exitCode as ExitCode:
            Foundation.exit(exitCode.rawValue)
        case let error where Regrade.exitCode(for: error) != .failure:
            // Help, version and mistakes in the arguments: ArgumentParser knows what to print.
            exit(withError: error)
        default:
            let failure = Failure(describing: error)
            Terminal.standard.complain(failure)
            Foundation.exit(failure.kind.exitCode)
        }
    }
}
