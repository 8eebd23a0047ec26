import Foundation
import TestSupport
import Testing

/// Walks through a session over the fixture photos; `scripts/record-review` keeps its frames.
struct ReviewWalkTests {
    /// What is typed, what the screen then shows, and what the page says about it.
    private static let steps: [(keys: String, shows: String, about: String)] = [
        ("", "▀▀▀▀▀▀", "The most urgent case. Shades stand for the colours of the half blocks."),
        ("h", "· heat map", "`h`: the heat map, where the network sees evidence of damage."),
        ("jjjjjj", "▲", "`j`, six times: the rest of the record."),
        ("f", "because …", "`f`, refurbish: why? What the customer will read stands below."),
        (
            "9", "recorded: refurbish",
            "`9`, damage visible. It is recorded; the next case stood there at once."
        ),
        ("u", "is open again", "`u`: the decision is taken back, the case is on the screen again."),
        (
            "cseen at the door, too\r", "comment: seen at the door, too",
            "`c`: a comment for colleagues."
        ),
        ("f2", "recorded: refurbish", "`f` and `2`: refurbish, because a scratch is visible."),
        ("r", "waits for someone else", "`r`: this one is left to someone else."),
        ("?", "Keys", "`?`: the keys."),
    ]

    @Test func aReviewerWorksThroughAQueueOfRealPhotos() async throws {
        let data = try DataDirectory()
        let batch = try await data.batchFixtures()
        #expect(batch.status == 0, "\(batch.messages)")
        _ = try await data.regrade("reviewer", "add", "kim")
        let terminal = try PseudoTerminal(
            RepositoryProgram.executable, ["review", "--reviewer", "kim", "--data", data.path],
            environment: [
                "TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "", "LANG": "C",
            ])
        var page = Self.heading
        for step in Self.steps {
            terminal.type(step.keys)
            let screen = try await terminal.wait(for: "'\(step.shows)'") {
                // A photo that is being fetched, or a heat map being computed, is half a frame.
                $0.text.contains(step.shows) && !$0.text.contains("being ")
                    && !$0.text.contains("heat map is") && !$0.modes.contains(2026)
            }
            page += [step.about, "", "```text"] + screen.shadedLines + ["```", ""]
        }
        terminal.type("xq")
        let summary = "1 decided, 1 undone, 1 released, 0 lost"
        try await terminal.wait(for: summary)
        #expect(await terminal.status() == 0)
        page += [
            "`q`: back in the shell; what was held waits again.", "", "```text", summary, "```",
        ]
        if let file = ProcessInfo.processInfo.environment["REGRADE_REVIEW_WALK"], !file.isEmpty {
            let text = page.joined(separator: "\n") + "\n"
            try Data(text.utf8).write(to: Repository.root.appending(path: file))
        }
    }

    private static let heading = [
        "# A review session, step by step", "",
        "Recorded by `scripts/record-review` from the program itself, on a pseudo-terminal of",
        "80x24, over the queue that `regrade batch --manifest fixtures/items.csv` leaves. Only the",
        "time of the lease and the identifiers differ from run to run.",
        "How to review: [reviewing.md](reviewing.md).", "",
    ]
}
