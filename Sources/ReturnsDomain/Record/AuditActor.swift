/// Who caused an audit entry; never a person's name.
public enum AuditActor: Hashable, Sendable {
    /// The service itself.
    case machine
    /// Whoever runs the command line on this host.
    case operatorOnHost
    /// A reviewer by pseudonym.
    case reviewer(ReviewerID)

    /// The `type` member of the entry's actor.
    public var type: String {
        switch self {
        case .machine: "machine"
        case .operatorOnHost: "operator"
        case .reviewer: "reviewer"
        }
    }

    /// The `id` member of the entry's actor.
    public var id: String {
        switch self {
        case .machine: "regrade"
        case .operatorOnHost: "host"
        case .reviewer(let reviewer): reviewer.description
        }
    }
}
