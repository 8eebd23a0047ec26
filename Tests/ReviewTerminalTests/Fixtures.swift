import Foundation
import ReturnsDomain
import ReviewTerminal
import TestSupport

/// Cases, sessions and screens for tests.
enum Fixtures {
    static let lease = Duration.seconds(900)

    /// A case made of the documented example, with the order's number and statement given.
    static func record(
        _ number: Int, statement: String? = nil, isBlind: Bool = false
    ) throws -> CaseRecord {
        let text = try DocumentedExample.first(of: "json", in: "docs/adjudication.md")
            .replacing("A-1001", with: "A-\(number)")
        let document = try JSONDecoder().decode(Adjudication.self, from: Data(text.utf8))
        let now = Timestamp(millisecondsSince1970: 1_760_000_000_000 + Int64(number))
        let task = ReviewTask(
            id: id(number), inspection: document.id, state: .leased, openedAt: now,
            dueAt: now.advanced(by: .seconds(3 * 3600 + 60)), priority: 12.5,
            reasons: [.confidenceBelowThreshold, .predictionSetAmbiguous],
            adjudication: document, statement: statement)
        guard let lease = LeaseID("lease_0000000000000000000000000\(number)") else {
            throw CocoaError(.coderInvalidValue)
        }
        return CaseRecord(
            lease: LeasedReviewTask(
                task: task, lease: lease, expiresAt: now.advanced(by: Self.lease)),
            ruleText: "Undamaged items are resold, repairable ones refurbished.",
            replies: [
                .resell: "Your money is on its way.", .refurbish: "It goes to our workshop.",
                .reject: "We cannot take it back.", .retake: "Please send better photos.",
            ],
            leaseRemaining: Self.lease, isBlind: isBlind)
    }

    static func id(_ number: Int) -> ReviewTaskID {
        ReviewTaskID("rev_0000000000000000000000000\(number)") ?? ReviewTaskID(at: .now)
    }

    static func terms(showsPictures: Bool = true) throws -> ReviewSession.Terms {
        ReviewSession.Terms(
            reviewer: "kim", leaseDuration: lease, idleLimit: .seconds(1200), keys: try KeyMap(),
            showsPictures: showsPictures, commentByteCountLimit: 40)
    }

    static let date = Timestamp(millisecondsSince1970: 1_760_000_000_000)
}

/// A session that is fed with events and remembers what it wanted.
struct Driver {
    var session: ReviewSession
    var now = Duration.zero
    /// What the last event made it want.
    private(set) var effects: [SessionEffect]

    init(columns: Int = 80, rows: Int = 24, showsPictures: Bool = false) throws {
        session = ReviewSession(
            terms: try Fixtures.terms(showsPictures: showsPictures),
            size: CellSize(columns: columns, rows: rows))
        effects = session.start()
    }

    mutating func send(_ events: SessionEvent...) {
        effects = []
        for event in events { effects += session.handle(event, at: now) }
    }

    /// Presses keys by their characters; `⏎` is Enter and `⎋` Escape.
    mutating func press(_ keys: String) {
        effects = []
        for character in keys {
            let key: Key =
                switch character {
                case "⏎": .enter
                case "⎋": .escape
                default: .character(character)
                }
            effects += session.handle(.key(key), at: now)
        }
    }

    var lines: [String] { ReviewScreen.frame(of: session, date: Fixtures.date).lines }
    var text: String { lines.joined(separator: "\n") }

    var decisions: [ReviewDecision] {
        effects.compactMap { if case .decide(let decision) = $0 { decision } else { nil } }
    }
}
