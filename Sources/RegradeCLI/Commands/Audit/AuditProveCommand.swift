import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade audit prove`.
struct AuditProveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Writes a receipt that an entry is in the log, or proof that the log only grew.",
        discussion: """
            A receipt holds the entry, the document it commits to, and a signed checkpoint: \
            whoever has it can read the whole document, order and customer number included. \
            regrade audit check-receipt needs nothing but the public key.
            """)

    @Argument(help: "An entry's number or an inspection (insp_…).")
    var subject: String?

    @Option(help: "Prove that the log of so many entries is the beginning of the log now.")
    var from: Int64?

    @Option(help: "The larger number of entries; that of the last checkpoint by default.")
    var to: Int64?

    @Option(help: ArgumentHelp("Where to write it; stdout by default.", valueName: "file"))
    var out: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (subject == nil) != (from == nil), to == nil || from != nil else {
            throw ValidationError("name an entry or an inspection, or --from (and --to)")
        }
    }

    func run() async throws {
        let casebook = try await common.casebook()
        let proof: String
        if let from {
            proof = try await casebook.auditConsistencyProof(from: from, to: to)
        } else {
            proof = try await casebook.auditReceipt(for: auditSubject(subject ?? ""))
        }
        guard let out else { return Terminal.standard.say(proof) }
        do {
            try Data((proof + "\n").utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
        } catch {
            throw Failure(
                .cannotCreateOutput, code: "cannot_write",
                "cannot write \(out): \(error.localizedDescription)")
        }
    }
}

/// `regrade audit check-receipt`.
struct AuditCheckReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-receipt",
        abstract: "Checks what regrade audit prove wrote, with nothing but the public key.")

    @Argument(help: "The receipt, or the proof that the log only grew.")
    var file: String

    @Option(help: ArgumentHelp("The public key as it was kept elsewhere.", valueName: "file"))
    var publicKey: String

    @Flag(help: "Print JSON for machines.")
    var json = false

    func run() async throws {
        let verdict = try AuditFiles.checkReceipt(file, publicKey: publicKey)
        try Terminal.standard.say(
            ReceiptReport(verdict), json: json, or: ReceiptView(verdict).lines)
        guard verdict.holds else { throw ExitCode(65) }
    }
}

/// `regrade audit export`.
struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Copies the log, its checkpoints and public key for an auditor; logged.")

    @Argument(help: "A folder that does not exist yet.")
    var folder: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let count = try await common.casebook().exportAuditLog(to: folder)
        try Terminal.standard.say(
            ["entries": count], json: common.json,
            or: [
                "\(count) entries in \(folder)",
                "check them with: regrade audit verify \(folder)",
            ])
    }
}
