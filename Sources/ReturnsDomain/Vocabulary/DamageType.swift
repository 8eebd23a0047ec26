/// What kind of damage a photo shows; one photo may show several.
///
/// The order of the cases is the order of the model's `type_logits` output.
public enum DamageType: String, CaseIterable, Codable, Hashable, Sendable {
    /// A line of fracture in glass, ceramics or hard plastic.
    case crack
    /// A line of removed surface.
    case scratch
    /// A dent: the surface is pushed in but not broken.
    case dent
    /// Fabric, film or cardboard torn or holed.
    case tear
    /// Discolouration by liquid, dirt or wear.
    case stain
    /// A box or body pressed out of shape.
    case crush
    /// Broken through or apart.
    case broken
    /// A part that belongs to the item is not there.
    case missingPart = "missing_part"

    /// The reason code that says this damage is visible.
    public var reasonCode: ReasonCode {
        switch self {
        case .crack: .crackVisible
        case .scratch: .scratchVisible
        case .dent: .dentVisible
        case .tear: .tearVisible
        case .stain: .stainVisible
        case .crush: .crushVisible
        case .broken: .brokenVisible
        case .missingPart: .missingPartVisible
        }
    }
}
