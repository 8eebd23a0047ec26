import DecisionPolicy
import ReturnsDomain

/// Builds a policy from a file's nodes; one file per part.
///
/// Parts that others refer to (categories, regions, currencies, languages) are read first.
struct PolicyFileReader {
    /// The schema this build reads.
    static let schemaName = "regrade.policy/1"

    /// What other parts may refer to.
    struct Vocabulary {
        var categories: Set<String> = []
        var regionGroups: [String: Set<String>] = [:]
        var currencies: Set<String> = []
        var languages: [String] = []
    }

    let root: PolicyFileNode
    /// Whether reasons without a text in the file get the shipped policy's.
    var fillsReasons = true

    /// Reads the whole file; nil if any mistake was reported.
    func policy() -> Policy? {
        let members = root.members(
            required: [
                "schema", "id", "version", "categories", "region_groups", "currencies",
                "minimum_confidence", "automatic_reject", "always_human", "retake", "review",
                "rules", "texts",
            ], optional: ["retention", "comparison"])
        if let schema = members["schema"], let name = schema.text(), name != Self.schemaName {
            schema.report("is '\(name)', this build reads '\(Self.schemaName)'")
        }
        let id = members["id"]?.name()
        let version = members["version"]?.text()
        let categories = members["categories"].map(readCategories(from:)) ?? []
        let groups = members["region_groups"].map(readRegionGroups(from:)) ?? [:]
        let currencies = members["currencies"].map(readCurrencies(from:)) ?? [:]
        let texts = members["texts"].map(readTexts(from:)) ?? [:]
        let vocabulary = Vocabulary(
            categories: Set(categories.map(\.name)), regionGroups: groups,
            currencies: Set(currencies.keys), languages: texts.keys.sorted())
        let minimumConfidence = members["minimum_confidence"].map(readConfidences(from:)) ?? [:]
        let reject = members["automatic_reject"].flatMap {
            readAutomaticReject(from: $0, vocabulary)
        }
        let alwaysHuman = members["always_human"].flatMap(readAlwaysHuman(from:))
        let retake = members["retake"].flatMap(readRetake(from:))
        let review = members["review"].flatMap { readReview(from: $0, vocabulary) }
        let rules = members["rules"].map { readRules(from: $0, vocabulary) } ?? []
        let retention = members["retention"].flatMap { readRetention(from: $0, vocabulary) }
        let comparison = members["comparison"].flatMap(readComparison(from:)) ?? .lookOnly

        guard root.problems.all.isEmpty, let id, let version, let reject, let alwaysHuman,
            let retake, let review
        else { return nil }
        return Policy(
            id: id, version: version, categories: categories, regionGroups: groups,
            currencies: currencies, rules: rules, minimumConfidence: minimumConfidence,
            automaticReject: reject, alwaysHuman: alwaysHuman, retake: retake, review: review,
            texts: texts, retention: retention, comparison: comparison)
    }

    /// A confidence, or another number in 0…1, for some of the final outcomes.
    func readConfidences(from node: PolicyFileNode) -> [Outcome: Double] {
        let members = node.members(required: [], optional: Outcome.final.map(\.rawValue))
        var confidences: [Outcome: Double] = [:]
        for outcome in Outcome.final {
            confidences[outcome] = members[outcome.rawValue]?.number(in: 0...1)
        }
        return confidences
    }

    /// Codes of the regions that a list names by code or by group.
    func readRegions(from node: PolicyFileNode, _ vocabulary: Vocabulary) -> Set<String> {
        let known = vocabulary.regionGroups.values.reduce(into: Set()) { $0.formUnion($1) }
        var regions: Set<String> = []
        for element in node.elements() ?? [] {
            guard let word = element.text() else { continue }
            if let group = vocabulary.regionGroups[word] {
                regions.formUnion(group)
            } else if known.contains(word) {
                regions.insert(word)
            } else {
                element.report("is '\(word)', which region_groups does not hold")
            }
        }
        return regions
    }
}
