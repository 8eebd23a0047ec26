import DecisionPolicy

extension PolicyCheck {
    /// Checks the policy file named, or the shipped policy.
    public init(named path: String?) {
        if let path {
            self.init(path: path)
        } else {
            self.init(bytes: LoadedPolicy.shippedBytes)
        }
    }

    /// Whether the policy can be used.
    public var holds: Bool { loaded != nil }
}

extension PolicyCheck: Encodable {
    private enum CodingKeys: String, CodingKey {
        case isRight = "ok"
        case id, version, sha256, problems, message
    }

    private struct Problem: Encodable {
        let line: Int
        let column: Int
        let member: String
        let message: String
    }

    /// Writes what was checked, or every mistake with its place.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(holds, forKey: .isRight)
        try container.encodeIfPresent(loaded?.policy.id, forKey: .id)
        try container.encodeIfPresent(loaded?.policy.version, forKey: .version)
        try container.encodeIfPresent(loaded?.sha256, forKey: .sha256)
        guard let error else { return }
        if case .invalid(let problems) = error {
            let places = problems.map {
                Problem(line: $0.line, column: $0.column, member: $0.member, message: $0.message)
            }
            try container.encode(places, forKey: .problems)
        } else {
            try container.encode(error.description, forKey: .message)
        }
    }
}
