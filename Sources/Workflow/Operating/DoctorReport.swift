/// What `regrade doctor` found.
public struct DoctorReport: Codable, Hashable, Sendable {
    /// The findings in the order they were made.
    public let findings: [Finding]

    /// Whether nothing is wrong.
    public var isRight: Bool { findings.allSatisfy(\.isRight) }

    /// One thing that was looked at.
    public struct Finding: Codable, Hashable, Sendable {
        /// What was looked at.
        public let subject: String
        /// Whether it is as it should be.
        public let isRight: Bool
        /// What is there.
        public let text: String
        /// How to mend it; nil if nothing is wrong.
        public let cure: String?

        private enum CodingKeys: String, CodingKey {
            case subject, text, cure
            case isRight = "ok"
        }
    }
}
