/// Which side or part of the item a photo shows, as stated by whoever sent it.
public enum PhotoView: String, CaseIterable, Codable, Hashable, Sendable {
    /// The front of the item.
    case front
    /// The back of the item.
    case back
    /// A serial number or care label.
    case label
    /// A close-up of the damage claimed.
    case damage
    /// The box or bag it came in.
    case packaging
    /// Anything else, and photos whose view was not stated.
    case other

    /// Whether a photo of this view tells what kind of goods it shows: a label, a box or a close-up
    /// does not.
    public var showsWholeItem: Bool {
        switch self {
        case .front, .back, .other: true
        case .label, .damage, .packaging: false
        }
    }

    /// Whether reference photos of this view tell only which item a photo shows: a label or a box
    /// is not the item, so what differs there is no damage to it.
    public var isIdentifying: Bool {
        switch self {
        case .label, .packaging: true
        case .front, .back, .damage, .other: false
        }
    }
}
