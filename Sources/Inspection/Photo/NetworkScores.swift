import Foundation
import NeuralNetwork
import ReturnsDomain

/// What the network said of one photo: finite numbers, not yet calibrated.
struct NetworkScores {
    /// Three continuation-ratio logits.
    let severityLogits: [Float]
    /// One logit for each damage type.
    let typeLogits: [Float]
    /// What kind of goods it shows; nil if the model does not say.
    let category: CategoryProbabilities?
    /// Where the evidence lies, cut to the photo.
    let heatMap: ReturnsDomain.HeatMap
    /// How far the photo is from the training photos.
    let noveltyDistance: Float

    /// Reads the outputs of a run.
    ///
    /// - Throws: `ModelError`, or ``PhotoInspectionError/notFinite(output:)``.
    init(of session: NetworkSession, model: DamageModel, placement: InputPlacement) throws {
        severityLogits = try Self.elements(of: ModelOutputs.severityLogits, in: session)
        typeLogits = try Self.elements(of: ModelOutputs.typeLogits, in: session)
        noveltyDistance = try Self.elements(of: ModelOutputs.noveltyDistance, in: session)[0]
        category =
            model.categories.isEmpty
            ? nil
            : CategoryProbabilities(
                categories: model.categories,
                logits: try Self.elements(of: ModelOutputs.categoryLogits, in: session))
        let cells = try Self.elements(of: ModelOutputs.damageMap, in: session)
        let rows = InputPlacement.cells(
            on: placement.rows, of: placement.height, cellCount: model.mapRowCount)
        let columns = InputPlacement.cells(
            on: placement.columns, of: placement.width, cellCount: model.mapColumnCount)
        heatMap = ReturnsDomain.HeatMap(
            width: columns.count, height: rows.count,
            values: rows.flatMap { row in
                columns.map { 1 / (1 + exp(-cells[row * model.mapColumnCount + $0])) }
            })
    }

    private static func elements(of name: String, in session: NetworkSession) throws -> [Float] {
        let elements = try session.withOutput(named: name) { span in
            span.indices.map { span[$0] }
        }
        guard elements.allSatisfy(\.isFinite) else {
            throw PhotoInspectionError.notFinite(output: name)
        }
        return elements
    }
}
