public import ReturnsDomain
import Statistics

/// The state of the review queue, what reviewers did, and how far they agree.
public struct ReviewStatistics: Encodable, Sendable {
    /// A measure with its 95 % interval; null where it is not defined.
    public struct Measure: Encodable, Sendable {
        /// The measure.
        public let value: Double?
        /// The lower end of its 95 % interval.
        public let lower: Double?
        /// The upper end of its 95 % interval.
        public let upper: Double?
        /// From how many cases.
        public let count: Int

        private enum CodingKeys: String, CodingKey {
            case value, lower, upper
            case count = "n"
        }

        init(_ value: Double?, _ interval: Interval?, count: Int) {
            self.value = value
            lower = interval?.lower
            upper = interval?.upper
            self.count = count
        }
    }

    /// One reviewer's work.
    public struct Reviewer: Encodable, Sendable {
        /// The pseudonym.
        public let id: ReviewerID
        /// The name.
        public let name: String?
        /// Answers that were not taken back.
        public let decisions: Int
        /// The share of right answers to cases of known answer, with Wilson's interval.
        public let goldAccuracy: Measure

        private enum CodingKeys: String, CodingKey {
            case id, name, decisions
            case goldAccuracy = "gold_accuracy"
        }
    }

    /// How far two reviewers agree on the tasks that both answered.
    public struct Pair: Encodable, Sendable {
        /// The two pseudonyms.
        public let reviewers: [ReviewerID]
        /// Cohen's kappa over the tasks that both answered.
        public let kappa: Measure
    }

    /// How far those agree who answer the same task without knowing of each other.
    public struct Agreement: Encodable, Sendable {
        /// The share of tasks on which all of them gave one outcome, with Wilson's interval.
        public let unanimous: Measure
        /// Krippendorff's alpha over all four outcomes.
        public let alphaNominal: Measure
        /// Krippendorff's alpha over resell, refurbish and reject, in this order.
        public let alphaOrdinal: Measure
        /// Fleiss' kappa of the first two answers to each task.
        public let fleissKappa: Measure
        /// Cohen's kappa of each pair of reviewers.
        public let pairs: [Pair]

        private enum CodingKeys: String, CodingKey {
            case unanimous, pairs
            case alphaNominal = "krippendorff_alpha_nominal"
            case alphaOrdinal = "krippendorff_alpha_ordinal"
            case fleissKappa = "fleiss_kappa"
        }
    }

    /// Tasks that wait.
    public let open: Int
    /// Tasks in somebody's hands.
    public let leased: Int
    /// Undecided tasks past their due time.
    public let overdue: Int
    /// Waiting tasks that nobody at work may be given.
    public let unservable: Int
    /// Appeals that are not decided.
    public let openAppeals: Int
    /// The age of the oldest undecided task, in seconds.
    public let oldestAge: Int?
    /// The reviewers, those who left too.
    public let reviewers: [Reviewer]
    /// How far reviewers agree.
    public let agreement: Agreement

    private enum CodingKeys: String, CodingKey {
        case open, leased, overdue, unservable, reviewers, agreement
        case openAppeals = "open_appeals"
        case oldestAge = "oldest_age_s"
    }

    /// Computes the statistics; the same figures at the same moment give the same numbers.
    public init(_ figures: ReviewQueueFigures, now: Timestamp) {
        open = figures.openCount
        leased = figures.leasedCount
        overdue = figures.overdueCount
        unservable = figures.unservableCount
        openAppeals = figures.openAppealCount
        oldestAge = figures.oldestOpenedAt.map {
            Int(max(0, now.millisecondsSince1970 - $0.millisecondsSince1970) / 1000)
        }
        reviewers = figures.reviewers.map { reviewer in
            let gold = Proportion(
                successCount: reviewer.goldRightCount, count: reviewer.goldCount)
            return Reviewer(
                id: reviewer.reviewer, name: reviewer.name, decisions: reviewer.answerCount,
                goldAccuracy: Measure(gold))
        }
        agreement = Agreement(figures.sharedTasks)
    }
}

extension ReviewStatistics.Measure {
    /// A share with Wilson's interval; nothing without cases.
    fileprivate init(_ proportion: Proportion) {
        self.init(
            proportion.share, proportion.count == 0 ? nil : proportion.wilson(),
            count: proportion.count)
    }
}

extension ReviewStatistics.Agreement {
    /// What a reviewer can answer; the first three in order of how much of the item is kept.
    private static let categories: [Outcome] = Outcome.final + [.retake]

    fileprivate init(_ tasks: [[ReviewerAnswer]]) {
        let answers = tasks.map { $0.compactMap { Self.categories.firstIndex(of: $0.outcome) } }
        unanimous = .init(
            Proportion(successCount: answers.count { Set($0).count == 1 }, count: answers.count))
        let nominal = KrippendorffAlpha(
            answers: answers, categoryCount: Self.categories.count, level: .nominal)
        alphaNominal = .init(nominal.value, nominal.interval(), count: nominal.caseCount)
        let ordinal = KrippendorffAlpha(
            answers: answers.map { $0.filter { $0 < Outcome.final.count } },
            categoryCount: Outcome.final.count, level: .ordinal)
        alphaOrdinal = .init(ordinal.value, ordinal.interval(), count: ordinal.caseCount)
        let fleiss = FleissKappa(
            counts: answers.map { answers in
                Self.categories.indices.map { category in
                    answers.prefix(2).count { $0 == category }
                }
            })
        fleissKappa = .init(fleiss?.value, fleiss?.interval(), count: answers.count)
        pairs = Self.pairs(of: tasks)
    }

    private static func pairs(of tasks: [[ReviewerAnswer]]) -> [ReviewStatistics.Pair] {
        var tables: [[ReviewerID]: ConfusionTable] = [:]
        for answers in tasks {
            let sorted = answers.sorted { $0.reviewer < $1.reviewer }
            for (position, first) in sorted.enumerated() {
                for second in sorted[(position + 1)...] {
                    guard let left = categories.firstIndex(of: first.outcome),
                        let right = categories.firstIndex(of: second.outcome)
                    else { continue }
                    tables[
                        [first.reviewer, second.reviewer],
                        default: ConfusionTable(classCount: categories.count)
                    ].add(truth: left, answer: right)
                }
            }
        }
        return tables.sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }.map {
            ReviewStatistics.Pair(
                reviewers: $0.key,
                kappa: .init(
                    $0.value.kappa, $0.value.kappaInterval(), count: $0.value.count))
        }
    }
}
