import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// Reviews real cases through a pseudo-terminal, as a person at a terminal does.
struct InteractiveReviewTests {
    private func start(
        _ data: DataDirectory, _ arguments: String..., environment: [String: String] = [:],
        answersGraphics: Bool = false
    ) throws -> PseudoTerminal {
        let terminal = [
            "TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "",
            "TMUX": "", "STY": "",
        ]
        return try PseudoTerminal(
            RepositoryProgram.executable,
            ["review", "--reviewer", "kim", "--data", data.path] + arguments,
            environment: terminal.merging(environment) { $1 }, answersGraphics: answersGraphics)
    }

    private func events(_ data: DataDirectory) throws -> [String] {
        try data.lines(of: "review-queue.jsonl").compactMap { $0["event"] as? String }
    }

    private func expectRestored(_ screen: ScreenEmulator) {
        #expect(!screen.modes.contains(1049), "the alternate screen is left")
        #expect(!screen.modes.contains(2004), "bracketed paste is off")
        #expect(screen.modes.contains(25), "the cursor is shown")
        #expect(screen.modes.contains(7), "lines wrap")
        #expect(screen.unknown.isEmpty, "\(screen.unknown)")
    }

    @Test func aCaseIsDecidedTakenBackAndDecidedAgain() async throws {
        let data = try await DataDirectory.withQueue()
        let terminal = try start(data, "--timings")
        let first = try await terminal.wait(for: "A-1 ")
        #expect(first.modes.contains(1049))
        try await terminal.wait(for: "▀▀▀▀▀▀")
        terminal.type("t")
        try await terminal.wait(for: "because …")
        terminal.type("p")
        try await terminal.wait(for: "recorded: retake for A-1")
        try await terminal.wait(for: "A-2 ")
        terminal.type("u")
        try await terminal.wait(for: "undone: A-1 is open again")
        terminal.type("cedge is dented")
        try await terminal.wait(for: "comment: edge is dented")
        terminal.type("\rf3")
        try await terminal.wait(for: "recorded: refurbish for A-1")
        terminal.type("q")
        #expect(await terminal.status() == 0)
        let last = try await terminal.wait(for: "1 decided, 1 undone")
        #expect(last.text.contains("next case shown, photo included,"))
        expectRestored(last)
        let words = try events(data)
        #expect(words.filter { $0 == "decided" }.count == 2)
        #expect(words.last == "released")
        let waiting = try jsonLines(
            try await data.regrade("review", "list", "--json").standardOutput)
        #expect(waiting.compactMap { $0["order_id"] as? String } == ["A-2"])
        #expect(waiting.first?["state"] as? String == "open")
        let verdict = try await data.regrade("audit", "verify")
        #expect(verdict.status == 0, "\(verdict.text)")
    }

    @Test func heatMapHelpAndAnotherSizeAreShownLive() async throws {
        let data = try await DataDirectory.withQueue(1)
        let terminal = try start(data)
        let plain = try await terminal.wait(for: "▀▀▀▀▀▀")
        terminal.type("h")
        let heat = try await terminal.wait(for: "heat map drawn") {
            $0.text.contains("· heat map") && !$0.text.contains("computed")
                && $0.rows != plain.rows && Self.picture(of: $0) != Self.picture(of: plain)
        }
        #expect(heat.lines.last?.contains("h:heat") == true)
        terminal.type("?")
        let help = try await terminal.wait(for: "heat map on and off")
        #expect(!help.text.contains("▀"))
        terminal.type("x")
        try await terminal.wait(for: "▀▀▀▀▀▀")
        terminal.resize(columns: 120, rows: 36)
        let large = try await terminal.wait(for: "a larger picture") {
            // Half a frame has the larger picture already, and not yet the last line.
            Self.picture(of: $0).count > Self.picture(of: plain).count && !$0.modes.contains(2026)
                && $0.lines.last?.contains("h:heat") == true
        }
        #expect(large.lines.count == 36)
        terminal.type("\u{03}")
        #expect(await terminal.status() == 0)
    }

    /// The colours of the picture's cells.
    private static func picture(of screen: ScreenEmulator) -> [String] {
        screen.rows.flatMap { $0.filter { $0.text == "▀" }.map(\.style) }
    }

    @Test func whereTheTerminalKnowsKittysProtocolItGetsThePictureItself() async throws {
        let data = try await DataDirectory.withQueue(1)
        let terminal = try start(data, answersGraphics: true)
        let screen = try await terminal.wait(for: "a picture") { !$0.graphics.dropFirst().isEmpty }
        #expect(screen.graphics.contains { $0.hasPrefix("a=T,f=100") })
        #expect(!screen.text.contains("▀"))
        terminal.type("q")
        #expect(await terminal.status() == 0)
        // What the program wrote at last may be read after its end is known.
        try await terminal.wait(for: "an end of the picture") {
            $0.graphics.last?.hasPrefix("a=d") == true
        }
    }

    @Test func withoutColoursThePictureIsReplacedByASentence() async throws {
        let data = try await DataDirectory.withQueue(1)
        let terminal = try start(data, environment: ["NO_COLOR": "1"])
        try await terminal.wait(for: "This terminal shows too few")
        let styles = Set(terminal.screen.rows.joined().map(\.style))
        #expect(styles.isSubset(of: ["0", "0;1", "0;2", "0;7"]), "\(styles)")
        terminal.type("q")
        #expect(await terminal.status() == 0)
    }

    @Test func whatACustomerWroteCannotCommandTheTerminal() async throws {
        // Control characters are refused at intake; the screen's own tests show that it would not
        // let them through either. What intake lets pass:
        let attack = "\u{202E}desrever\u{2066} z\(String(repeating: "\u{336}", count: 40)) end"
        let data = try await DataDirectory.withQueue(1, statement: attack)
        let terminal = try start(data)
        let screen = try await terminal.wait(for: "end”")
        #expect(screen.text.contains("\u{FFFD}desrever\u{FFFD} z\u{336}\u{336} end"))
        terminal.type("q")
        #expect(await terminal.status() == 0)
        expectRestored(terminal.screen)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func aSignalRestoresTheTerminalAndGivesTheCaseBack(signal: Int32) async throws {
        let data = try await DataDirectory.withQueue(1)
        let terminal = try start(data)
        try await terminal.wait(for: "A-1 ")
        terminal.signal(signal)
        #expect(await terminal.status() == 75)
        try await terminal.wait(for: "interrupted; what was held waits again")
        expectRestored(terminal.screen)
        #expect(try events(data).last == "released")
    }

    @Test func aLineThatIsHungUpGivesTheCaseBack() async throws {
        let data = try await DataDirectory.withQueue(1)
        let terminal = try start(data)
        try await terminal.wait(for: "A-1 ")
        terminal.hangUp()
        _ = await terminal.status()
        #expect(try events(data).last == "released")
    }

    @Test func aKilledSessionLosesItsCaseWhenTheLeaseEnds() async throws {
        let data = try await DataDirectory.withQueue(1)
        let terminal = try start(data)
        try await terminal.wait(for: "A-1 ")
        terminal.signal(SIGKILL)
        #expect(await terminal.status() == 128 + SIGKILL)
        let system = StoreClock.system
        let later = StoreClock(
            now: { .now.advanced(by: .seconds(16 * 60)) },
            nanosecondsSinceBoot: { system.nanosecondsSinceBoot() + 16 * 60 * 1_000_000_000 },
            bootID: system.bootID)
        let early = try await data.regrade("review", "next", "--reviewer", "kim")
        #expect(early.status == 75, "the lease still holds")
        let store = try await CaseStore.open(at: URL(filePath: data.path), clock: later)
        let task = try await store.leaseNextReviewTask(reviewer: "kim", duration: .seconds(60))
        #expect(task?.task.adjudication.order.orderID == "A-1")
    }

    @Test func openShowsThePhotoInAViewerAndRemovesTheFile() async throws {
        let data = try await DataDirectory.withQueue(1)
        let script = """
            #!/bin/sh
            stat -c '%a' "$1" "$(dirname "$1")" > '\(data.beside("seen").path).new'
            echo "$1" >> '\(data.beside("seen").path).new'
            mv '\(data.beside("seen").path).new' '\(data.beside("seen").path)'
            """
        let viewer = try data.write(Data(script.utf8), to: "viewer")
        // Not the script itself: a child that another test starts meanwhile may hold it open for
        // writing, and it cannot be executed then (ETXTBSY, execve(2)).
        let terminal = try start(
            data, "--open", environment: ["REGRADE_VIEWER": "/bin/sh \(viewer.path)"])
        try await terminal.wait(for: "opened in")
        // The viewer changes nothing on the screen.
        for _ in 0..<1000 where !FileManager.default.fileExists(atPath: data.beside("seen").path) {
            try await Task.sleep(for: .milliseconds(20))
        }
        terminal.type("q")
        #expect(await terminal.status() == 0)
        let seen = try String(contentsOf: data.beside("seen"), encoding: .utf8)
            .split(separator: "\n")
        #expect(seen.prefix(2) == ["600", "700"])
        #expect(!FileManager.default.fileExists(atPath: String(seen[2])))
    }

    @Test func withoutATerminalTheCommandsForScriptsAreNamed() async throws {
        let data = try await DataDirectory.withQueue(1)
        let output = try await data.regrade("review", "--reviewer", "kim")
        #expect(output.status == 64)
        #expect(output.messages.contains("regrade review list, next, show, decide and release"))
    }

    @Test func mistakesAreToldBeforeTheScreenIsTaken() async throws {
        let data = try await DataDirectory.withQueue(1)
        let conflict = try start(data, environment: ["REGRADE_REVIEW_KEYS": "heat=s"])
        #expect(await conflict.status() == 78)
        try await conflict.wait(for: "'s' is set for both resell and heat")
        let nobody = try PseudoTerminal(
            RepositoryProgram.executable,
            ["review", "--reviewer", "nobody", "--data", data.path],
            environment: ["TERM": "xterm"])
        #expect(await nobody.status() == 64)
        try await nobody.wait(for: "there is no reviewer 'nobody'")
    }
}
