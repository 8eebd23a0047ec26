package import ReturnsDomain

/// Something a key does while a case is on the screen.
package enum ReviewAction: String, CaseIterable, Hashable, Sendable {
    /// Decides resell.
    case resell
    /// Decides refurbish.
    case refurbish
    /// Decides reject.
    case reject
    /// Asks the customer for better photos.
    case retake
    /// Shows or hides the heat map.
    case heat
    /// Shows the next photo of the case.
    case nextPhoto = "next_photo"
    /// Shows the photo before.
    case previousPhoto = "previous_photo"
    /// Opens the photo in another program.
    case open
    /// Writes a comment.
    case comment
    /// Takes the last decision back.
    case undo
    /// Puts the case back into the queue and goes on.
    case release
    /// Scrolls the record.
    case up
    /// Scrolls the record.
    case down
    /// Scrolls the record by a page.
    case pageUp = "page_up"
    /// Scrolls the record by a page.
    case pageDown = "page_down"
    /// Shows the keys.
    case help
    /// Ends the session.
    case quit
}

extension ReviewAction {
    /// The outcome that the action decides; nil for the others.
    package var outcome: Outcome? {
        switch self {
        case .resell: .resell
        case .refurbish: .refurbish
        case .reject: .reject
        case .retake: .retake
        default: nil
        }
    }

    /// What the help says.
    package var explanation: String {
        switch self {
        case .resell: "decide: resell"
        case .refurbish: "decide: refurbish"
        case .reject: "decide: reject"
        case .retake: "decide: ask for better photos"
        case .heat: "heat map on and off"
        case .nextPhoto: "next photo"
        case .previousPhoto: "photo before"
        case .open: "open the photo in a viewer"
        case .comment: "write a comment"
        case .undo: "undo the last decision"
        case .release: "release, go on to the next"
        case .up: "scroll up"
        case .down: "scroll down"
        case .pageUp: "page up"
        case .pageDown: "page down"
        case .help: "these keys"
        case .quit: "quit, release what is held"
        }
    }
}

extension ReasonCode {
    /// The reasons that a key states, in the order the menu shows them.
    package static let keyed: [ReasonCode] =
        reviewerCodes + DamageType.allCases.map(\.reasonCode) + [.damageVisible, .noDamageVisible]

    /// What the menu says.
    var explanation: String {
        switch self {
        case .reviewAgrees: "agree with the proposal"
        case .reviewDamageMissed: "damage missed, or worse"
        case .reviewDamageOverstated: "damage overstated"
        case .reviewPhotosInsufficient: "photos insufficient"
        case .reviewWrongItem: "another item than ordered"
        case .reviewPolicyException: "policy exception (comment)"
        default: words
        }
    }

    /// The code as words: `scratch_visible` is "scratch visible".
    var words: String { rawValue.replacing("_", with: " ") }
}
