import ReturnsDomain

/// What the page of a batch shows of its results, gathered in one walk with bounded memory.
struct BatchFindings: Sendable {
    /// Items shown with pictures in each of the two groups.
    static let shownCountLimit = 12
    /// Unreadable items listed; the others are counted.
    static let unreadableCountLimit = 200
    /// Versions listed; a run has one model and one policy unless it was resumed with others.
    static let versionCountLimit = 20
    /// Bins of the histogram of confidence.
    static let binCount = 20

    /// An item worth a look.
    struct Item: Sendable, Hashable {
        let name: String
        /// The path of the photo that shows most.
        let path: String
        /// What was made of that photo, and of the item.
        let photo: AdjudicatedPhoto
        let adjudication: Adjudication
        let outcome: Outcome
        let recommended: Outcome
        let confidence: Double
        let severity: Severity
        /// The mean rank of severity, 0…3.
        let severityRank: Double
        let reasons: [ReasonCode]
    }

    /// An item that could not be inspected.
    struct Unreadable: Sendable, Hashable {
        let name: String
        let code: String
        let message: String
    }

    private(set) var histogram: [Outcome: [Int]] = [:]
    private(set) var leastCertain = Shortlist<Item>(limit: shownCountLimit) {
        ($0.confidence, $0.name) < ($1.confidence, $1.name)
    }
    private(set) var mostSevere = Shortlist<Item>(limit: shownCountLimit) {
        (-$0.severityRank, $0.name) < (-$1.severityRank, $1.name)
    }
    private(set) var unreadable: [Unreadable] = []
    private(set) var models: Set<ModelVersion> = []
    private(set) var policies: Set<String> = []

    /// Takes in one result.
    mutating func take(_ item: BatchItem, _ result: BatchItemResult) {
        switch result {
        case .unreadable(let code, let message):
            if unreadable.count < Self.unreadableCountLimit {
                unreadable.append(Unreadable(name: item.item, code: code, message: message))
            }
        case .inspected(let document): take(item, document)
        }
    }

    private mutating func take(_ item: BatchItem, _ document: Adjudication) {
        let decision = document.decision
        let bin = min(Self.binCount - 1, Int(decision.confidence * Double(Self.binCount)))
        histogram[decision.outcome, default: Array(repeating: 0, count: Self.binCount)][
            max(0, bin)] += 1
        if models.count < Self.versionCountLimit { models.insert(document.model) }
        if policies.count < Self.versionCountLimit {
            let policy = document.policy
            policies.insert("\(policy.id) \(policy.version), SHA-256 \(policy.sha256)")
        }
        let worst = document.photos.max { $0.severity.expectedRank < $1.severity.expectedRank }
        guard let photo = worst, item.paths.indices.contains(photo.index) else { return }
        let shown = Item(
            name: item.item, path: item.paths[photo.index], photo: photo,
            adjudication: document, outcome: decision.outcome, recommended: decision.recommended,
            confidence: decision.confidence, severity: decision.severity,
            severityRank: document.probabilities?.calibrated.expectedRank ?? 0,
            reasons: decision.reasons.map(\.code))
        leastCertain.offer(shown)
        mostSevere.offer(shown)
    }
}

/// The first few of many in an order, without holding the many.
struct Shortlist<Element: Sendable>: Sendable {
    private let limit: Int
    private let comesBefore: @Sendable (Element, Element) -> Bool
    /// In order.
    private(set) var elements: [Element] = []

    init(limit: Int, comesBefore: @escaping @Sendable (Element, Element) -> Bool) {
        self.limit = limit
        self.comesBefore = comesBefore
    }

    /// Takes an element in if it is among the first.
    mutating func offer(_ element: Element) {
        if elements.count == limit, let last = elements.last, !comesBefore(element, last) { return }
        let place = elements.firstIndex { comesBefore(element, $0) } ?? elements.endIndex
        elements.insert(element, at: place)
        if elements.count > limit { elements.removeLast() }
    }
}
