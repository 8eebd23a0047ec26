import Foundation

/// The metadata properties of a model file that Regrade reads.
struct ModelProperties {
    static let formatName = "regrade.format"
    static let labelsName = "regrade.labels"
    static let preprocessingName = "regrade.preprocessing"
    static let cardName = "regrade.card"
    static let comparisonName = "regrade.comparison"

    /// The format that this build reads.
    static let format = "1"

    private let properties: [String: String]

    init(_ properties: [String: String]) {
        self.properties = properties
    }

    func checkFormat() throws(DamageModelError) {
        let format = try required(Self.formatName)
        guard format == Self.format else {
            throw .propertyWrong(
                name: Self.formatName,
                problem: "is '\(format)', this build reads '\(Self.format)'")
        }
    }

    func labels() throws(DamageModelError) -> ModelLabels {
        let labels = try decoded(ModelLabels.self, Self.labelsName)
        try refuse(labels.problems(), Self.labelsName)
        return labels
    }

    func preprocessing() throws(DamageModelError) -> Preprocessing {
        let preprocessing = try decoded(Preprocessing.self, Self.preprocessingName)
        try refuse(preprocessing.problems(), Self.preprocessingName)
        return preprocessing
    }

    /// Nil if the file leaves the choice to this build.
    func comparison() throws(DamageModelError) -> ComparisonImages? {
        guard properties[Self.comparisonName] != nil else { return nil }
        let images = try decoded(ComparisonImages.self, Self.comparisonName)
        try refuse(images.problems(), Self.comparisonName)
        return images
    }

    private func refuse(_ problems: [String], _ name: String) throws(DamageModelError) {
        guard problems.isEmpty else {
            throw .propertyWrong(name: name, problem: problems.joined(separator: "; "))
        }
    }

    private func decoded<Value: Codable>(
        _ type: Value.Type, _ name: String
    ) throws(DamageModelError) -> Value {
        do {
            return try StrictJSON.decode(type, from: Data(try required(name).utf8))
        } catch let problem as StrictJSON.Problem {
            throw .propertyWrong(name: name, problem: "cannot be read: \(problem.sentence)")
        } catch let error as DamageModelError {
            throw error
        } catch {
            throw .propertyWrong(name: name, problem: "cannot be read")
        }
    }

    private func required(_ name: String) throws(DamageModelError) -> String {
        guard let value = properties[name] else { throw .propertyMissing(name: name) }
        return value
    }
}
