import Crypto
public import Foundation
import NeuralNetwork
public import ReferenceComparison
public import ReturnsDomain

/// A network with everything needed to make an assessment of a photo: checked, planned, calibrated.
///
/// Immutable; shared by the worker threads, each of which owns a ``PhotoInspector``.
public struct DamageModel: Sendable {
    /// What documents cite.
    public let version: ModelVersion
    /// The fitted probabilities and thresholds.
    public let calibration: Calibration
    /// SHA-256 of the calibration's file.
    public let calibrationSHA256: ContentHash
    /// What happens to a picture before the network.
    public let preprocessing: Preprocessing
    /// The path of the model card as the file states it; nil if it does not.
    public let card: String?
    /// The categories that the network tells apart, in the order of its output; may be none.
    public let categories: [String]
    /// Rows of the damage map.
    let mapRowCount: Int
    /// Columns of the damage map.
    let mapColumnCount: Int
    /// How the features of a photo are made; nil if the network has no image to make them of.
    let featureRecipe: FeatureRecipe?
    /// The network, planned for one photo.
    let program: NetworkProgram
    /// The name of the network's input.
    let inputName: String

    /// Bytes of a calibration file; a hundred times a real one.
    public static let calibrationByteCountLimit = 1 << 20

    /// Loads a model and its calibration; blocks while reading and planning.
    ///
    /// - Parameters:
    ///   - modelPath: An ONNX file with the metadata properties of `docs/model-format.md`.
    ///   - calibrationPath: A file of schema `regrade.calibration/1`, see `docs/calibration.md`.
    /// - Throws: ``DamageModelError``, which names what is missing.
    public init(modelPath: String, calibrationPath: String) throws(DamageModelError) {
        let modelBytes = try Self.bytes(of: modelPath, limit: ModelLimits.fileByteLimit)
        let calibrationBytes = try Self.bytes(
            of: calibrationPath, limit: Self.calibrationByteCountLimit)
        try self.init(
            modelBytes: modelBytes, calibrationBytes: calibrationBytes, modelPath: modelPath)
    }

    /// Checks a model and its calibration that are in memory.
    ///
    /// - Parameter modelPath: Only for messages.
    /// - Throws: ``DamageModelError``, which names what is missing.
    public init(
        modelBytes: Data, calibrationBytes: Data, modelPath: String = "model"
    ) throws(DamageModelError) {
        let network: NetworkModel
        do {
            network = try NetworkModel(bytes: modelBytes)
        } catch {
            throw .network(path: modelPath, error)
        }
        let properties = ModelProperties(network.metadata)
        try properties.checkFormat()
        categories = try properties.labels().categories ?? []
        preprocessing = try properties.preprocessing()
        let input = try Self.input(of: network, preprocessing)
        let shapes = [input: [1, 3, preprocessing.height, preprocessing.width]]
        var comparison = try properties.comparison()
        do {
            if comparison == nil {
                comparison = ComparisonImages.chosen(
                    from: try NetworkProgram.innerImages(of: network, inputShapes: shapes),
                    preprocessing)
            }
            program = try NetworkProgram(
                network, inputShapes: shapes, taps: comparison?.images ?? [])
        } catch {
            throw .network(path: modelPath, error)
        }
        inputName = input
        let embeddingDimension: Int
        (mapRowCount, mapColumnCount, embeddingDimension) = try ModelOutputs.check(
            program.outputs, categoryCount: categories.count)
        let sha256 = ContentHash(digest: SHA256.hash(data: modelBytes))
        featureRecipe = comparison.map { [program] images in
            FeatureRecipe(
                model: sha256, channelCounts: program.taps.map { $0.shape[3] },
                rowCount: images.grid[0], columnCount: images.grid[1],
                embeddingDimension: embeddingDimension)
        }
        calibration = try Self.calibration(from: calibrationBytes, modelHash: sha256)
        calibrationSHA256 = ContentHash(digest: SHA256.hash(data: calibrationBytes))
        card = network.metadata[ModelProperties.cardName]
        version = ModelVersion(
            name: calibration.model.name, version: calibration.model.version, sha256: sha256,
            preprocessing: preprocessing.summary, calibration: calibration.id)
    }

    /// What the features of photos look like, by which banks are told apart; nil if this model has
    /// no inner image to compare photos by.
    public var featureLayout: FeatureLayout? { featureRecipe?.layout }

    /// The network's inner images that photos are compared by, as the model file names them.
    package var comparisonImageNames: [String] { program.taps.map(\.name) }

    private static func input(
        of network: NetworkModel, _ preprocessing: Preprocessing
    ) throws(DamageModelError) -> String {
        let sides = [preprocessing.height, preprocessing.width]
        let expected = [1, 3] + sides
        guard network.inputs.count == 1, let input = network.inputs.first,
            input.elementType == .float32, input.shape.count == 4,
            zip(input.shape, expected).allSatisfy({ $0 == nil || $0 == $1 })
        else {
            let found = network.inputs.map { input in
                let sizes = input.shape.map { $0.map(String.init) ?? "any" }
                return "\(input.name) \(input.elementType.rawValue) "
                    + "[\(sizes.joined(separator: ", "))]"
            }
            throw .inputWrong(expected: "\(expected)", found: found.joined(separator: ", "))
        }
        return input.name
    }

    private static func calibration(
        from bytes: Data, modelHash: ContentHash
    ) throws(DamageModelError) -> Calibration {
        let calibration: Calibration
        do {
            calibration = try StrictJSON.decode(Calibration.self, from: bytes)
        } catch {
            throw .calibrationWrong(problems: [error.sentence])
        }
        let problems = calibration.problems()
        guard problems.isEmpty else { throw .calibrationWrong(problems: problems) }
        guard calibration.model.sha256 == modelHash else {
            throw .calibrationOfAnotherModel(
                expected: calibration.model.sha256.description, found: modelHash.description)
        }
        return calibration
    }

    /// Reads at most one byte more than the limit, whatever the path names.
    private static func bytes(of path: String, limit: Int) throws(DamageModelError) -> Data {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw .unreadable(path: path, limit: limit)
        }
        defer { try? file.close() }
        guard let bytes = try? file.read(upToCount: limit + 1), bytes.count <= limit else {
            throw .unreadable(path: path, limit: limit)
        }
        return bytes
    }
}
