import Foundation
import NeuralNetwork

/// Runs any model on tensors in `.npy` files, for `regrade model run`.
public enum TensorRun {
    /// Reads the inputs, runs the model once and writes each output as `OUTPUTNAME.npy`.
    ///
    /// - Parameters:
    ///   - model: The ONNX file.
    ///   - inputs: The `.npy` file of each input by name.
    ///   - outputDirectory: Made if missing.
    /// - Returns: The paths written, in the order of the model's outputs.
    /// - Throws: ``Failure`` naming the input, node or file that is wrong.
    public static func run(
        model path: String, inputs: [(name: String, path: String)], outputDirectory: String
    ) throws -> [String] {
        do {
            let model = try NetworkModel(contentsOf: URL(fileURLWithPath: path))
            var tensors: [String: Tensor] = [:]
            for (name, file) in inputs {
                tensors[name] = try NumPyArray.read(contentsOf: URL(fileURLWithPath: file))
            }
            let outputs = try model.run(tensors)
            try FileManager.default.createDirectory(
                atPath: outputDirectory, withIntermediateDirectories: true)
            return try model.outputNames.map { name in
                let file = outputDirectory + "/" + fileName(ofOutput: name) + ".npy"
                if let tensor = outputs[name] {
                    try NumPyArray.write(tensor, to: URL(fileURLWithPath: file))
                }
                return file
            }
        } catch {
            throw Failure(describing: error)
        }
    }

    /// An output's name as a file's name: a name from a stranger's model must not leave the folder.
    static func fileName(ofOutput name: String) -> String {
        let safe = name.replacing("/", with: "_").replacing("\0", with: "_")
        return safe.hasPrefix(".") ? "_" + safe : safe
    }
}
