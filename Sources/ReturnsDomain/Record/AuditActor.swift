/// Who caused an audit entry; never a person's name.
public enum AuditActor: Hashable, Sendable {
    /// The service itself.
    case machine
    /// Whoever runs the command line on this host.
    case operatorOnHost
    /// A reviewer by pseudonym.
    case reviewer(ReviewerID)
    /// A program that signed in with an API key.
    case key(APIKeyID)

    /// The `type` member of the entry's actor.
    public var type: String {
        switch self {
        case .machine: "machine"
        case .operatorOnHost: "operator"
        case .reviewer: "reviewer"
        case .key: "key"
        }
    }

    /// The `id` member of the entry's actor.
    public var id: String {
        switch self {
        case .machine: "regrade"
        case .operatorOnHost: "host"
        case .reviewer(let reviewer): reviewer.description
        case .key(let key): key.description
        }
    }
}
