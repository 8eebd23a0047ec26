import ArgumentParser

/// `regrade case`: inspections seen as cases.
struct CaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case", abstract: "Erases cases, and keeps them from being erased.",
        subcommands: [CaseErase.self, CaseHold.self])
}
