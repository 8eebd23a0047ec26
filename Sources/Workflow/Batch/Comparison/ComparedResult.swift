import Foundation
public import ReturnsDomain

/// What a comparison looks at of one item's result.
public struct ComparedResult: Sendable, Hashable {
    /// How an item ended: in an outcome, or not inspected at all.
    public enum End: Hashable, Sendable {
        /// The outcome of the adjudication.
        case outcome(Outcome)
        /// It could not be inspected.
        case unreadable

        /// Every way an item can end, in the order tables show them.
        public static let all: [End] = Outcome.allCases.map { .outcome($0) } + [.unreadable]

        /// The word for it.
        public var word: String {
            switch self {
            case .outcome(let outcome): outcome.rawValue
            case .unreadable: "unreadable"
            }
        }
    }

    /// What names the item in its run.
    public let item: String
    /// How it ended.
    public let end: End
    /// The outcome held most likely right; nil if it was not inspected.
    public let recommended: Outcome?
    /// The severity it was chosen for; nil if it was not inspected.
    public let severity: Severity?
    /// How sure the recommendation is, 0…1; nil if it was not inspected.
    public let confidence: Double?
    /// The policy's rule that applied, or the code of what went wrong.
    public let cause: String
    /// The model that was used, as `name version (first digits of its hash)`.
    let model: String?
    /// The policy that was used, in the same form.
    let policy: String?

    init(item: String, document: Adjudication) {
        self.item = item
        end = .outcome(document.decision.outcome)
        recommended = document.decision.recommended
        severity = document.decision.severity
        confidence = document.decision.confidence
        cause = document.policy.rule
        model = Self.version(
            document.model.name, document.model.version, document.model.sha256)
        policy = Self.version(document.policy.id, document.policy.version, document.policy.sha256)
    }

    init(item: String, errorCode: String) {
        self.item = item
        end = .unreadable
        recommended = nil
        severity = nil
        confidence = nil
        cause = errorCode
        model = nil
        policy = nil
    }

    init(_ recorded: RecordedBatchItem) {
        switch recorded.result {
        case .inspected(let document): self.init(item: recorded.item.item, document: document)
        case .unreadable(let code, _): self.init(item: recorded.item.item, errorCode: code)
        }
    }

    /// Whether two results of one item say the same, apart from how sure they are.
    func saysTheSame(as other: ComparedResult) -> Bool {
        end == other.end && recommended == other.recommended && severity == other.severity
    }

    private static func version(_ name: String, _ version: String, _ hash: ContentHash) -> String {
        "\(name) \(version) (\(hash.description.prefix(12)))"
    }
}

extension ComparedResult: Encodable {
    private enum CodingKeys: String, CodingKey {
        case outcome, recommended, severity, confidence, rule, error
    }

    /// Writes what a flip shows of one side; the item stands beside it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch end {
        case .outcome(let outcome):
            try container.encode(outcome, forKey: .outcome)
            try container.encode(recommended, forKey: .recommended)
            try container.encode(severity, forKey: .severity)
            try container.encode(confidence, forKey: .confidence)
            try container.encode(cause, forKey: .rule)
        case .unreadable: try container.encode(cause, forKey: .error)
        }
    }
}
