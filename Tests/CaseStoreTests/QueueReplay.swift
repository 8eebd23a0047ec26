import Foundation
import Testing

/// Replays `review-queue.jsonl` as another program would, and checks that every line may follow the
/// one before: opened → leased → decided, released or expired.
struct QueueReplay {
    /// What can be wrong with a queue file.
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    /// The last line of each undecided task.
    private(set) var open: [String: (seq: Int, line: String)] = [:]
    /// How often each task was decided and not opened again.
    private(set) var decided: Set<String> = []
    /// The last event and holder of each task.
    private var states: [String: (event: String, reviewer: String)] = [:]

    init(_ lines: [String]) throws {
        for (position, line) in lines.enumerated() {
            let event = try members(line)
            guard let seq = event["seq"] as? Int, let task = event["task"] as? String,
                let word = event["event"] as? String
            else { throw Violation(description: "line \(position + 1) is no event") }
            guard seq == position + 1 else {
                throw Violation(description: "line \(position + 1) has seq \(seq)")
            }
            let reviewer = event["reviewer"] as? String ?? ""
            try follow(task, word, reviewer, seq: seq)
            states[task] = (word, reviewer)
            open[task] = word == "decided" ? nil : (seq, line)
            if word == "decided" { decided.insert(task) } else { decided.remove(task) }
        }
    }

    /// The open queue in the order of `seq`, as `review export` writes it.
    var snapshot: [String] { open.values.sorted { $0.seq < $1.seq }.map(\.line) }

    private func follow(_ task: String, _ word: String, _ reviewer: String, seq: Int) throws {
        let before = states[task]
        let isHeld = before?.event == "leased"
        let allowed =
            switch word {
            case "opened": before == nil || before?.event == "decided" || !isHeld
            // A heartbeat says `leased` again, by the same reviewer.
            case "leased": before != nil && (!isHeld || before?.reviewer == reviewer)
            case "decided", "released", "expired": isHeld && before?.reviewer == reviewer
            default: false
            }
        guard allowed, word != "leased" || before?.event != "decided" else {
            throw Violation(
                description: "\(task): \(word) at \(seq) after \(before?.event ?? "nothing")")
        }
    }
}
