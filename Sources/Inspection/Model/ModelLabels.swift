import ReturnsDomain

/// What the network's outputs mean: the metadata property `regrade.labels`.
struct ModelLabels: Codable, Hashable, Sendable {
    /// The severities by rank.
    let severity: [String]
    /// `continuation_ratio`.
    let severityHead: String
    /// The damage types in the order of the output.
    let types: [String]
    /// The categories in the order of the optional output; nil if there is none.
    let categories: [String]?

    private enum CodingKeys: String, CodingKey {
        case severity, types, categories
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
        if let categories, categories.isEmpty || Set(categories).count < categories.count {
            problems.append("has the categories \(categories), expected each once")
        }
        return problems
    }
}
