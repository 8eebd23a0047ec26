import ArgumentParser

/// `regrade audit`: proof of what was decided, and that nothing was changed or removed.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verifies, shows, proves and exports the audit log.",
        subcommands: [
            AuditVerifyCommand.self, AuditHeadCommand.self, AuditShowCommand.self,
            AuditProveCommand.self, AuditCheckReceiptCommand.self, AuditExportCommand.self,
        ])
}
