/// What becomes of an inspected item.
public enum Outcome: String, CaseIterable, Codable, Hashable, Sendable {
    /// Goes back on sale as it is.
    case resell
    /// Goes to repair, cleaning or sale as used.
    case refurbish
    /// The return is refused or the item written off.
    case reject
    /// A person decides; a review task is open.
    case humanReview = "human_review"
    /// The customer is asked for better photos.
    case retake

    /// The three outcomes that end an inspection, in the order documents list them.
    public static let final: [Outcome] = [.resell, .refurbish, .reject]

    /// Whether this outcome ends an inspection.
    public var isFinal: Bool { Outcome.final.contains(self) }
}
