import ReturnsDomain

/// What the network's outputs mean: the metadata property `regrade.labels`.
struct ModelLabels: Codable, Hashable, Sendable {
    /// The severities by rank.
    let severity: [String]
    /// `continuation_ratio`.
    let severityHead: String
    /// The damage types in the order of the output.
    let types: [String]

    private enum CodingKeys: String, CodingKey {
        case severity, types
        case severityHead = "severity_head"
    }

    /// Everything that differs from what this build understands; empty if nothing does.
    func problems() -> [String] {
        let severities = Severity.allCases.map(\.name)
        let damageTypes = DamageType.allCases.map(\.rawValue)
        var problems: [String] = []
        if severity != severities {
            problems.append("has the severities \(severity), expected \(severities)")
        }
        if severityHead != "continuation_ratio" {
            problems.append(
                "has the severity head '\(severityHead)', expected 'continuation_ratio'")
        }
        if types != damageTypes {
            problems.append("has the types \(types), expected \(damageTypes)")
        }
        return problems
    }
}
