import Foundation
import NeuralNetwork
import TestSupport
import Testing

struct GoldenTensorsTests {
    private let folder: TemporaryFolder
    private let model: NetworkModel

    /// A model that doubles and negates, with tensors that say so.
    init() throws {
        var builder = ModelBuilder()
        builder.input("x", [2])
        builder.constant("two", shape: [], float32: [2])
        builder.node("Mul", ["x", "two"], ["twice"])
        builder.node("Neg", ["x"], ["negated/1"])
        builder.output("twice")
        builder.output("negated/1")
        model = try builder.model()
        folder = try TemporaryFolder()
        try folder.write(
            #"{"schema":"regrade.golden/1","model_sha256":"AB12","tolerance":0.0001}"#,
            to: "manifest.json")
        try write([1, 3], to: "input.npy")
        try write([2, 6], to: "twice.npy")
        try write([-1, -3], to: "negated_1.npy")
    }

    private func write(_ elements: [Float], to name: String) throws {
        try NumPyArray.write(
            Tensor(shape: [elements.count], float32: elements), to: folder.file(name))
    }

    private func verify(hash: String = "ab12") throws -> [GoldenTensors.Comparison] {
        try GoldenTensors(folder: folder.url).verify(model, modelHash: hash)
    }

    @Test
    func agreementIsReportedForEveryOutput() throws {
        #expect(try verify().map(\.name) == ["twice", "negated/1"])
        #expect(try verify().map(\.difference) == [0, 0])
    }

    @Test
    func theFirstOutputThatDiffersIsNamed() throws {
        try write([-1, -3.001], to: "negated_1.npy")
        let error = #expect(throws: ModelError.self) { try verify() }
        guard case .outputDiffers("negated/1", _, 0.0001) = error else {
            Issue.record("\(error as Any)")
            return
        }
    }

    @Test
    func anotherModelIsRefused() {
        #expect(
            throws: ModelError.goldenTensorsOfAnotherModel(expectedHash: "ab12", foundHash: "cd")
        ) { try verify(hash: "cd") }
    }

    @Test(arguments: [
        #"{"schema":"regrade.golden/2","model_sha256":"ab12","tolerance":0.0001}"#,
        #"{"schema":"regrade.golden/1","model_sha256":"ab12","tolerance":0.5}"#,
        #"{"schema":"regrade.golden/1","model_sha256":"ab12","tolerance":0}"#,
        #"{"schema":"regrade.golden/1"}"#, "",
    ])
    func aManifestThatIsNotValidIsRefused(text: String) throws {
        try folder.write(text, to: "manifest.json")
        #expect(throws: ModelError.self) { try verify() }
    }

    @Test(arguments: [("a", "a.npy"), ("a/b:c", "a_b_c.npy"), ("../up", "__up.npy")])
    func fileNamesStayInTheFolder(name: String, file: String) {
        #expect(GoldenTensors.fileName(for: name) == file)
    }
}
