import ReturnsDomain
import Statistics

/// How the review queue works: waits, handling, throughput, and how right reviewers are.
enum ReviewFigures {
    static func section(_ cases: [CaseCourse]) -> FigureSection {
        var section = FigureSection("Reviews")
        let tasks = cases.flatMap(\.reported.tasks)
        let waits = tasks.compactMap { task in
            task.firstLeasedAt.map { seconds(from: task.openedAt, to: $0) }
        }
        section.addQuantiles(
            "queue_wait", "Queue wait", of: waits, at: [0.5, 0.9, 0.99],
            none: "no task was taken by a reviewer")
        let handled = tasks.flatMap(\.answers).compactMap(Handled.init)
        section.addQuantiles(
            "handling", "Handling time", of: handled.map(\.seconds), at: [0.5, 0.9],
            none: "no answer tells when its task was taken")
        addThroughput(handled, to: &section)
        addGold(tasks, to: &section)
        addAgreement(tasks, to: &section)
        return section
    }

    /// Minutes that people spent on a case.
    static func handlingSeconds(of course: CaseCourse) -> Double {
        course.reported.tasks.flatMap(\.answers).compactMap(Handled.init)
            .reduce(0) { $0 + $1.seconds }
    }

    /// An answer of which it is known how long it took; a lease ends, so idle time is bounded.
    private struct Handled {
        let reviewer: String
        let seconds: Double

        init?(_ answer: ReportedCase.Answer) {
            guard let leasedAt = answer.leasedAt else { return nil }
            reviewer = answer.reviewer
            seconds = Reporting.seconds(from: leasedAt, to: answer.decidedAt)
        }
    }

    private static func addThroughput(_ handled: [Handled], to section: inout FigureSection) {
        let (key, name) = ("throughput", "Decisions per active hour")
        let hours = handled.map { $0.seconds / 3600 }
        let total = hours.reduce(0, +)
        guard total > 0 else {
            return section.leaveOut(key, name, because: "no handling time is known")
        }
        // Answers of one person are alike, so persons are drawn; with one person, answers.
        let reviewers = Bootstrap.groupNumbers(of: handled.map(\.reviewer))
        let reviewerCount = Set(reviewers).count
        let groups = reviewerCount > 1 ? reviewers : Array(handled.indices)
        let interval = Bootstrap().interval(groups: groups) { weights in
            let sum = zip(hours, weights).reduce(0) { $0 + $1.0 * Double($1.1) }
            return sum > 0 ? Double(weights.reduce(0, +)) / sum : nil
        }
        section.add(
            KeyFigure(
                key, name, unit: .perHour, value: Double(handled.count) / total, n: handled.count,
                interval: interval,
                method: reviewerCount > 1 ? "bootstrap over reviewers" : "bootstrap over answers",
                note: "read it with the accuracy on tasks of known answer"))
    }

    private static func addGold(_ tasks: [ReportedCase.Task], to section: inout FigureSection) {
        let gold = tasks.filter { $0.kind == "gold" && $0.expected != nil }
        var byReviewer: [String: (right: Int, count: Int)] = [:]
        for task in gold {
            for answer in task.answers {
                byReviewer[answer.reviewer, default: (0, 0)].count += 1
                if answer.outcome == task.expected {
                    byReviewer[answer.reviewer, default: (0, 0)].right += 1
                }
            }
        }
        section.addShare(
            "gold_accuracy", "Accuracy on tasks of known answer",
            byReviewer.values.reduce(0) { $0 + $1.right },
            of: byReviewer.values.reduce(0) { $0 + $1.count },
            none: "no task of known answer was answered")
        for (reviewer, counts) in byReviewer.sorted(by: { $0.key < $1.key }) {
            section.addShare(
                "gold_accuracy_\(reviewer)", "… of \(reviewer)", counts.right, of: counts.count,
                none: "none")
        }
    }

    private static func addAgreement(
        _ tasks: [ReportedCase.Task], to section: inout FigureSection
    ) {
        let final = [Outcome.resell, .refurbish, .reject, .retake]
        let pairs = tasks.filter { $0.kind != "gold" && $0.answers.count > 1 }.compactMap {
            task -> (Int, Int)? in
            guard let first = final.firstIndex(of: task.answers[0].outcome),
                let second = final.firstIndex(of: task.answers[1].outcome)
            else { return nil }
            return (first, second)
        }
        let none = "no task was answered by two reviewers"
        section.addShare(
            "agreement", "Second reviewers who agree with the first",
            pairs.count { $0.0 == $0.1 }, of: pairs.count, none: none)
        func kappa(_ weights: [Int]?) -> Double? {
            ConfusionTable(
                classCount: final.count, truths: pairs.map(\.0), answers: pairs.map(\.1),
                weights: weights
            ).kappa
        }
        guard let value = kappa(nil) else {
            section.leaveOut(
                "kappa", "Cohen's kappa",
                because: pairs.isEmpty ? none : "all answers are the same")
            return
        }
        section.add(
            KeyFigure(
                "kappa", "Cohen's kappa", unit: .number, value: value, n: pairs.count,
                interval: Bootstrap().interval(groups: Array(pairs.indices)) { kappa($0) },
                method: "bootstrap over tasks",
                note: "low in spite of high agreement where one outcome is rare"))
    }
}
