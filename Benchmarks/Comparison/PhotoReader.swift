import Foundation
import Inspection
import ReferenceComparison
import ReturnsDomain

/// Reads photos into features, each file once.
final class PhotoReader {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    let inspector: PhotoInspector
    private var known: [String: PatchFeatures] = [:]
    private var knownReferences: [String: ReferenceFeatures] = [:]

    init(model: String, calibration: String) throws {
        inspector = PhotoInspector(
            model: try DamageModel(modelPath: model, calibrationPath: calibration))
    }

    func features(of path: String) throws -> PatchFeatures {
        if let features = known[path] { return features }
        let features = try freshFeatures(of: path)
        known[path] = features
        return features
    }

    func referenceFeatures(of path: String) throws -> ReferenceFeatures {
        if let features = knownReferences[path] { return features }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        guard let features = try inspector.referenceFeatures(of: bytes) else {
            throw Self.noImage
        }
        knownReferences[path] = features
        return features
    }

    private static let noImage = Problem(
        description: "the model has no image to compare photos by")

    private func freshFeatures(of path: String) throws -> PatchFeatures {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        _ = try inspector.assess(bytes, index: 0, view: .front)
        guard let features = try inspector.features() else { throw Self.noImage }
        return features
    }
}

/// One line of JSON on standard output.
func writeLine(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var line = try encoder.encode(value)
    line.append(UInt8(ascii: "\n"))
    try FileHandle.standardOutput.write(contentsOf: line)
}
