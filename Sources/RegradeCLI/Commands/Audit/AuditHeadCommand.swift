import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade audit head`.
struct AuditHeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "head", abstract: "Prints where the log stands, for a witness to keep.",
        discussion: """
            A witness keeps the public key once, and a checkpoint now and then, where whoever runs \
            this machine cannot change them.
            """)

    @Flag(help: "Print only the public key that signs now.")
    var key = false

    @Flag(help: "Print only the last checkpoint, a signed note.")
    var note = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !(key && note) else { throw ValidationError("name --key or --note, not both") }
    }

    func run() async throws {
        let head = try await common.casebook().auditHead()
        let terminal = Terminal.standard
        if key {
            terminal.say(head.publicKey)
        } else if note {
            guard let note = head.note else {
                throw Failure(.tryAgain, code: "no_checkpoint", "nothing was signed yet")
            }
            terminal.say(String(note.dropLast()))
        } else if common.json {
            try terminal.say(json: Report(head))
        } else {
            var table = Table()
            table.add("entries", "\(head.position?.seq ?? 0)")
            table.add("head", head.position?.hash.description ?? "none")
            table.add(
                "signed",
                head.signedAt.map { "\(head.signedEntryCount) entries at \($0)" } ?? "nothing yet")
            table.add("root", head.root ?? "none")
            table.add("key", head.publicKey)
            head.publicKeys.dropLast().forEach { table.add("before", $0) }
            table.lines.forEach { terminal.say($0) }
        }
    }

    private struct Report: Encodable {
        let entries: Int64
        let head: ContentHash?
        let signed_entries: Int64
        let signed_at: Timestamp?
        let root: String?
        let note: String?
        let public_key: String
        /// Every key that ever signed, the oldest first.
        let public_keys: [String]

        init(_ head: AuditHead) {
            entries = head.position?.seq ?? 0
            self.head = head.position?.hash
            signed_entries = head.signedEntryCount
            signed_at = head.signedAt
            root = head.root
            note = head.note
            public_key = head.publicKey
            public_keys = head.publicKeys
        }
    }
}
