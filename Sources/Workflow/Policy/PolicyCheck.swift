import DecisionPolicy
public import Foundation
import ReturnsDomain

/// What `regrade policy check FILE` reports: a summary of a usable policy, or all its mistakes.
public struct PolicyCheck: Hashable, Sendable {
    /// The checked policy; nil if the file has mistakes.
    public let loaded: LoadedPolicy?
    /// Why the file cannot be used; nil if it can.
    public let error: PolicyFileError?

    /// Checks a policy file on disk.
    public init(path: String) {
        do throws(PolicyFileError) {
            loaded = try LoadedPolicy(path: path)
            error = nil
        } catch let failure {
            loaded = nil
            error = failure
        }
    }

    /// Checks the bytes of a policy file.
    public init(bytes: Data) {
        do throws(PolicyFileError) {
            loaded = try LoadedPolicy(bytes: bytes)
            error = nil
        } catch let failure {
            loaded = nil
            error = failure
        }
    }

    /// What the policy says in short, a line each; the mistakes if it cannot be used.
    public var summary: [String] {
        guard let loaded else {
            return error.map { $0.description.split(separator: "\n").map(String.init) } ?? []
        }
        let policy = loaded.policy
        return [
            "ok: policy \(policy.id), version \(policy.version), sha256 \(loaded.sha256)",
            "languages: \(listed(policy.texts.keys))",
            "categories: \(policy.categories.map(\.name).joined(separator: ", "))",
            "rules, the first that matches applies:",
        ] + policy.rules.map(ruleLine) + [
            "always to a person:",
            "  value from: \(highValues(of: policy))",
            "  unknown category; unknown value: \(policy.alwaysHuman.unknownValue ? "yes" : "no")",
            "  novelty from \(policy.alwaysHuman.novelty)",
            "confidence needed: \(confidences(policy.minimumConfidence))",
            "refusal by machine: \(rejectLine(of: policy))",
            "reviews due after \(policy.review.dueHours) h",
        ]
    }

    private func ruleLine(_ rule: PolicyRule) -> String {
        let conditions = rule.conditions
        let matched = [
            conditions.categories.map { listed($0) },
            conditions.regions.map { "\($0.count) regions" },
            conditions.values.map { "values in \(listed($0.keys))" },
        ].compactMap(\.self)
        let outcomes = Severity.allCases.map { "\($0.name) \(rule.outcomes[$0].rawValue)" }
        return
            "  \(rule.id) [\(matched.isEmpty ? "everything" : matched.joined(separator: "; "))]: "
            + outcomes.joined(separator: ", ")
    }

    private func highValues(of policy: Policy) -> String {
        policy.currencies.sorted { $0.key < $1.key }.map { code, currency in
            "\(code) \(currency.highValue / currency.minorUnitsPerMajorUnit)"
        }.joined(separator: ", ")
    }

    private func rejectLine(of policy: Policy) -> String {
        let known = policy.regionGroups.values.reduce(into: Set()) { $0.formUnion($1) }
        let allowed = known.subtracting(policy.automaticReject.forbiddenRegions)
        return "forbidden in \(policy.automaticReject.forbiddenRegions.count) regions and all "
            + "unknown ones, elsewhere (\(allowed.count) regions) from confidence "
            + "\(policy.automaticReject.minimumConfidence)"
    }

    private func confidences(_ confidences: [Outcome: Double]) -> String {
        Outcome.final.map { "\($0.rawValue) \(confidences[$0] ?? 0)" }.joined(separator: ", ")
    }

    private func listed(_ words: some Sequence<String>) -> String {
        words.sorted().joined(separator: ", ")
    }
}
