import Synchronization
import Workflow

/// The casebooks a command has opened, so that they are closed whatever way it ends.
final class OpenCasebooks: Sendable {
    /// Those of this process, which runs one command.
    static let standard = OpenCasebooks()

    private let open = Mutex<[Casebook]>([])

    /// Remembers a casebook.
    func add(_ casebook: Casebook) {
        open.withLock { $0.append(casebook) }
    }

    /// Closes all: what was recorded gets its checkpoint.
    func close() async {
        let casebooks = open.withLock { open in
            defer { open = [] }
            return open
        }
        for casebook in casebooks { await casebook.close() }
    }
}
