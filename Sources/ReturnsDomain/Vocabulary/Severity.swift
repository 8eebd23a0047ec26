/// How badly an item is damaged, on an ordinal scale.
///
/// The raw value is the rank used by the model's ordinal head and by quadratic-weighted kappa; the
/// name is what documents carry.
public enum Severity: Int, CaseIterable, Comparable, Hashable, Sendable {
    /// No damage visible.
    case none = 0
    /// Cosmetic: sells as used or after a wipe.
    case minor = 1
    /// Needs repair before it can be sold.
    case moderate = 2
    /// Not worth repairing.
    case severe = 3

    /// The word that documents and label files carry.
    public var name: String {
        switch self {
        case .none: "none"
        case .minor: "minor"
        case .moderate: "moderate"
        case .severe: "severe"
        }
    }

    /// Finds the severity of a document's word; nil for any other word.
    public init?(name: some StringProtocol) {
        guard let match = Severity.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }

    /// Orders by rank: `none` is the least.
    public static func < (left: Severity, right: Severity) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension Severity: Codable {
    /// Reads the severity's word.
    ///
    /// - Throws: `DecodingError.dataCorrupted` naming the offending word.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let word = try container.decode(String.self)
        guard let severity = Severity(name: word) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "severity is '\(word)', expected none, minor, moderate or severe")
        }
        self = severity
    }

    /// Writes the severity's word.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
