public import ReturnsDomain

/// What an operator asks of a calibration.
public struct CalibrationRequest: Hashable, Sendable {
    /// The accepted share of wrong decisions by outcome, above 0 and below 1; not empty.
    public let risks: [Outcome: Double]
    /// How sure all the statements together are to be, above 0 and below 1.
    public let confidence: Double
    /// The share of the cases of each outcome whose prediction set is to hold it.
    public let coverage: Double

    /// The share of the groups that fits temperatures and plans thresholds; the others test them.
    static let planningShare = 0.3

    /// States what is asked.
    ///
    /// - Throws: ``Failure`` of kind `usage` naming a value outside its bounds.
    public init(risks: [Outcome: Double], confidence: Double, coverage: Double) throws(Failure) {
        let values =
            risks.map { ("the risk of \($0.key.rawValue)", $0.value) }.sorted { $0.0 < $1.0 }
            + [("the confidence", confidence), ("the coverage", coverage)]
        for (name, value) in values where !(value > 0 && value < 1) {
            throw Failure(
                .usage, code: "request_invalid", "\(name) is \(value), expected above 0 and below 1"
            )
        }
        guard !risks.isEmpty, risks.keys.allSatisfy(\.isFinal) else {
            throw Failure(
                .usage, code: "request_invalid",
                "state a risk for resell, refurbish or reject, such as --risk resell=0.01")
        }
        self.risks = risks
        self.confidence = confidence
        self.coverage = coverage
    }

    /// Reads `resell=0.01,reject=0.005`.
    ///
    /// - Throws: ``Failure`` of kind `usage` naming the part that is wrong.
    public static func risks(_ text: String) throws(Failure) -> [Outcome: Double] {
        var risks: [Outcome: Double] = [:]
        for part in text.split(separator: ",") {
            let words = part.split(separator: "=", omittingEmptySubsequences: false)
            guard words.count == 2, let outcome = Outcome(rawValue: String(words[0])),
                outcome.isFinal, let risk = Double(words[1]), risks[outcome] == nil
            else {
                throw Failure(
                    .usage, code: "request_invalid",
                    "the risk '\(part)' is not OUTCOME=SHARE; outcomes are resell, refurbish, "
                        + "reject, each once, such as resell=0.01")
            }
            risks[outcome] = risk
        }
        return risks
    }
}
