public import ReturnsDomain

/// Which cases a report is about, and until when it knows of them.
public struct ReportWindow: Encodable, Hashable, Sendable {
    /// The first moment at which a case may have been submitted.
    public let since: Timestamp
    /// The moment from which on nothing is known: neither cases nor what happened to them.
    public let until: Timestamp

    /// Creates a window.
    public init(since: Timestamp, until: Timestamp) {
        self.since = since
        self.until = until
    }
}

/// The course of one case, with what follows from its events.
struct CaseCourse: Sendable {
    /// How a case came to its first final outcome.
    struct Close: Sendable {
        let at: Timestamp
        let outcome: Outcome
        let isByMachine: Bool
    }

    let reported: ReportedCase
    /// The first final outcome; nil while it is open.
    let close: Close?

    /// What the machine made of the last submission before a person was asked.
    var judgement: ReportedCase.Judgement? { reported.judgements.last }
    /// How often the customer sent photos.
    var submissionCount: Int { reported.judgements.count }
    /// Whether better photos were asked for at least once.
    var hadRetake: Bool {
        reported.judgements.contains { $0.outcome == .retake }
            || reported.settlements.contains { $0.outcome == .retake }
    }

    /// Draws a case's course from what happened before the window's end; nil for a case of another
    /// time.
    init?(_ reported: ReportedCase, window: ReportWindow) {
        guard window.since <= reported.submittedAt, reported.submittedAt < window.until else {
            return nil
        }
        let known = reported.known(before: window.until)
        self.reported = known
        let byMachine = known.judgements.first { $0.outcome.isFinal }.map {
            Close(at: $0.at, outcome: $0.outcome, isByMachine: true)
        }
        let byPerson = known.settlements.first { $0.outcome.isFinal }.map {
            Close(at: $0.at, outcome: $0.outcome, isByMachine: false)
        }
        switch (byMachine, byPerson) {
        case (let machine?, let person?): close = machine.at <= person.at ? machine : person
        case (let machine, let person): close = machine ?? person
        }
    }

    /// The answer of a person who was asked at random, and how likely that was; nil otherwise.
    var audit: (outcome: Outcome, probability: Double)? {
        for task in reported.tasks where task.kind == "audit_sample" {
            if let outcome = task.answers.last?.outcome, outcome.isFinal,
                let probability = task.samplingProbability, probability > 0, probability <= 1
            {
                return (outcome, probability)
            }
        }
        return nil
    }

    /// Seconds from the first photo to the first final outcome.
    var secondsToClose: Double? {
        close.map { seconds(from: reported.submittedAt, to: $0.at) }
    }
}

/// Seconds between two moments; never negative, since a wall clock may step.
func seconds(from start: Timestamp, to end: Timestamp) -> Double {
    max(0, Double(end.millisecondsSince1970 - start.millisecondsSince1970) / 1000)
}

extension ReportedCase {
    /// The case as it was known before a moment.
    fileprivate func known(before end: Timestamp) -> ReportedCase {
        var known = self
        known.judgements = judgements.filter { $0.at < end }
        known.settlements = settlements.filter { $0.at < end }
        known.tasks = tasks.filter { $0.openedAt < end }.map { task in
            var task = task
            task.answers = task.answers.filter { $0.decidedAt < end }
            if let leased = task.firstLeasedAt, leased >= end { task.firstLeasedAt = nil }
            return task
        }
        known.appeals = appeals.filter { $0.openedAt < end }.map { appeal in
            var appeal = appeal
            if let decided = appeal.decidedAt, decided >= end {
                appeal.decidedAt = nil
                appeal.outcome = nil
            }
            return appeal
        }
        if let truth, truth.at >= end { known.truth = nil }
        return known
    }
}
