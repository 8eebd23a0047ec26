import NeuralNetwork
import ReturnsDomain

/// The names of the network's outputs and the shapes they must have for one photo.
enum ModelOutputs {
    /// Three continuation-ratio logits, `[1, 3]`.
    static let severityLogits = "severity_logits"
    /// One logit for each damage type, `[1, 8]`.
    static let typeLogits = "type_logits"
    /// One logit for each cell, `[1, 1, rows, columns]`.
    static let damageMap = "damage_map"
    /// What the photo is like, `[1, D]`.
    static let embedding = "embedding"
    /// How far the embedding is from those of the training photos, `[1, 1]`.
    static let noveltyDistance = "novelty_distance"
    /// One logit for each category of the labels, `[1, K]`; only if they name any.
    static let categoryLogits = "category_logits"

    /// Checks names, element types and shapes.
    ///
    /// - Parameter categoryCount: How many categories the labels name; 0 if none.
    /// - Returns: Rows and columns of the damage map, and the numbers of the embedding.
    /// - Throws: ``DamageModelError/outputMissing(name:known:)`` or
    ///   ``DamageModelError/outputWrong(name:expected:found:)``.
    static func check(
        _ outputs: [NetworkProgram.Value], categoryCount: Int
    ) throws(DamageModelError) -> (rowCount: Int, columnCount: Int, embeddingDimension: Int) {
        try require(severityLogits, [1, 3], in: outputs)
        try require(typeLogits, [1, DamageType.allCases.count], in: outputs)
        let dimension = try require(embedding, [1, nil], in: outputs)[1]
        try require(noveltyDistance, [1, 1], in: outputs)
        if categoryCount > 0 { try require(categoryLogits, [1, categoryCount], in: outputs) }
        let map = try require(damageMap, [1, 1, nil, nil], in: outputs)
        return (map[2], map[3], dimension)
    }

    @discardableResult
    private static func require(
        _ name: String, _ expected: [Int?], in outputs: [NetworkProgram.Value]
    ) throws(DamageModelError) -> [Int] {
        guard let output = outputs.first(where: { $0.name == name }) else {
            throw .outputMissing(name: name, known: outputs.map(\.name))
        }
        let fits =
            output.elementType == .float32 && output.shape.count == expected.count
            && zip(output.shape, expected).allSatisfy { $0 > 0 && ($1 == nil || $0 == $1) }
        guard fits else {
            let sizes = expected.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw .outputWrong(name: name, expected: "float32 [\(sizes)]", found: output.shape)
        }
        return output.shape
    }
}
