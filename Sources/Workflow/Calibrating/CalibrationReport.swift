import Foundation
import Inspection
public import ReturnsDomain

/// A fitted calibration with what is written of it and said about it.
public struct CalibrationReport: Encodable, Sendable {
    /// The new calibration.
    public let calibration: Calibration
    /// What was tested, by category and outcome.
    public let cells: [CalibrationCell]
    /// What the operator should know.
    public let notes: [String]
    /// Groups of photos that fitted temperatures and planned thresholds.
    public let planning: Int
    /// Groups of photos that tested thresholds.
    public let testing: Int
    /// Photos that could not be read.
    public let unreadable: [UnreadablePhoto]
    /// How sure the statements together are.
    public let confidence: Double

    /// Fits a calibration for the model that judged the photos.
    ///
    /// - Throws: ``Failure`` of kind `badInput` if too few photos are left, or of kind
    ///   `internalMistake` if the calibration would not be accepted by its own reader.
    public init(
        _ photos: [JudgedPhoto], unreadable: [UnreadablePhoto], by judge: PhotoJudge,
        request: CalibrationRequest, at moment: Timestamp = .now
    ) throws {
        let fit = try CalibrationFit(
            photos, base: judge.model.calibration, policy: judge.policy, request: request,
            at: moment)
        let problems = fit.calibration.problems()
        guard problems.isEmpty else {
            throw Failure(
                .internalMistake, code: "calibration_invalid",
                "the fitted calibration is wrong: \(problems.joined(separator: "; "))")
        }
        calibration = fit.calibration
        cells = fit.cells
        notes = fit.notes
        planning = fit.counts.planning
        testing = fit.counts.testing
        self.unreadable = unreadable
        confidence = request.confidence
    }

    /// Writes the calibration file, whole or not at all.
    ///
    /// - Throws: ``Failure`` of kind `cannotCreateOutput`.
    public func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try EvaluationFiles.write(
            try encoder.encode(calibration) + Data("\n".utf8), to: path)
    }
}
