import ArgumentParser

/// `regrade key`: keys of the data directory.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Replaces keys.", subcommands: [KeyRotate.self])
}
