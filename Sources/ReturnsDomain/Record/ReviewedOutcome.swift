/// A reviewer's decision beside what the machine recommended.
public struct ReviewedOutcome: Hashable, Sendable {
    /// What the machine recommended.
    public let recommended: Outcome
    /// What the reviewer decided.
    public let decided: Outcome

    /// Creates a pair.
    public init(recommended: Outcome, decided: Outcome) {
        self.recommended = recommended
        self.decided = decided
    }
}
