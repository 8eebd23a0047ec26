import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade audit show`.
struct AuditShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints entries: one, those of an inspection, or the last ones.",
        discussion: "With --json, the entries' canonical lines as they were hashed.")

    @Argument(help: "An entry's number or an inspection (insp_…).")
    var subject: String?

    @Option(help: "How many at most, up to 1000.")
    var limit = 20

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let subject = try subject.map { try auditSubject($0) }
        let lines = try await common.casebook().auditEntries(subject, limit: limit)
        for line in lines {
            if common.json {
                Terminal.standard.say(line)
            } else {
                try show(JSONDecoder().decode(ShownEntry.self, from: Data(line.utf8)))
            }
        }
    }

    private func show(_ entry: ShownEntry) {
        let terminal = Terminal.standard
        let about = entry.inspection.isEmpty ? "" : "  \(entry.inspection)"
        terminal.say(
            terminal.styled("\(entry.seq)", .bold) + "  \(entry.at)  \(entry.kind)  by "
                + "\(entry.actor.type) \(entry.actor.id)\(about)")
        var table = Table()
        for (name, value) in entry.meta.sorted(by: { $0.key < $1.key }) {
            table.add("    \(name)", value)
        }
        table.lines.forEach { terminal.say($0) }
    }

    private struct ShownEntry: Decodable {
        let seq: Int64
        let at: String
        let kind: String
        let actor: Actor
        let inspection: String
        let meta: [String: String]

        struct Actor: Decodable {
            let id: String
            let type: String
        }
    }
}

/// Which entry a word on the command line means.
func auditSubject(_ word: String) throws -> AuditSubject {
    if let seq = Int64(word), seq > 0 { return .entry(seq) }
    if let id = InspectionID(word) { return .inspection(id) }
    throw Failure(
        .usage, code: "no_audit_entry",
        "'\(word)' is neither an entry's number nor an inspection (insp_…)")
}
