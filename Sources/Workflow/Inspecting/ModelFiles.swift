import Foundation

/// Where the model and its calibration lie.
public struct ModelFiles: Sendable, Hashable {
    /// The ONNX file.
    public let model: String
    /// The calibration that belongs to it.
    public let calibration: String

    /// The name of the shipped model's file.
    static let shippedName = "damage-v1.onnx"

    /// Finds the files: those named in the settings, or else the shipped ones.
    ///
    /// The shipped model lies in a folder `models` beside the program, in
    /// `../share/regrade/models`, or, for a program built in its checkout, in a folder above it.
    ///
    /// - Throws: ``Failure`` of kind `configuration` that lists where was looked.
    public init(settings: Settings, executable: String = ModelFiles.executablePath) throws {
        let model = try settings.modelPath ?? Self.shipped(executable: executable)
        guard FileManager.default.fileExists(atPath: model) else {
            throw Failure(
                .configuration, code: "model_missing", "there is no model file \(model)")
        }
        self.model = model
        let beside = URL(fileURLWithPath: model).deletingPathExtension().path
        calibration = settings.calibrationPath ?? beside + ".calibration.json"
    }

    /// The path of the running program, links resolved.
    public static var executablePath: String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    }

    private static func shipped(executable: String) throws -> String {
        var folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
        var candidates = [
            folder.deletingLastPathComponent().appending(path: "share/regrade/models")
        ]
        while folder.path != "/" {
            candidates.append(folder.appending(path: "models"))
            folder.deleteLastPathComponent()
        }
        let paths = candidates.map { $0.appending(path: shippedName).path }
        guard let found = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw Failure(
                .configuration, code: "model_missing",
                "the shipped model \(shippedName) was not found in a folder 'models' beside or "
                    + "above the program; name one with --model")
        }
        return found
    }
}
