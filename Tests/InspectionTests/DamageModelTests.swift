import Foundation
import Inspection
import ReturnsDomain
import Testing

/// What a model file and its calibration must say to be used together.
struct DamageModelTests {
    @Test func modelIsNamedByItsFileAndItsCalibration() throws {
        let model = try DamageModel(TinyModel())
        #expect(model.version.name == "tiny")
        #expect(model.version.version == "1.2.3")
        #expect(model.version.calibration == "tiny-cal-1")
        #expect(model.version.preprocessing == "stretch 8x8 triangle_antialiased sRGB")
        #expect(model.card == "tiny.md")
    }

    @Test(arguments: ["regrade.format", "regrade.labels", "regrade.preprocessing"])
    func missingPropertyIsNamed(name: String) {
        #expect(throws: DamageModelError.propertyMissing(name: name)) {
            try DamageModel(TinyModel(properties: [name: nil]))
        }
    }

    @Test(arguments: [
        ("regrade.format", "2", "is '2', this build reads '1'"),
        ("regrade.labels", "{}", "cannot be read: the member 'severity' is missing"),
        ("regrade.labels", "not json", "cannot be read: it is no JSON"),
        (
            "regrade.labels", TinyModel.labels.replacing("crack", with: "cracks"),
            "has the types [\"cracks\""
        ),
        (
            "regrade.labels", TinyModel.labels.replacing("continuation_ratio", with: "softmax"),
            "has the severity head 'softmax', expected 'continuation_ratio'"
        ),
        (
            "regrade.labels", TinyModel.labels.replacing("{", with: "{\"more\":1,"),
            "cannot be read: the member 'more' is not known"
        ),
        (
            "regrade.labels",
            TinyModel.labels.dropLast() + #","categories":["box","phone","box"]}"#,
            #"has the categories ["box", "phone", "box"], expected each once"#
        ),
        (
            "regrade.preprocessing",
            #"""
            {"size":[8],"fit":"stretch","mean":[0],"scale":[1,1,1],\#(TinyModel.preprocessingTail)}
            """#,
            "has the size [8], expected height and width of 1 to 1024; has 1 means, expected 3"
        ),
        (
            "regrade.preprocessing",
            #"{"size":[8,8],"fit":"crop","mean":[0],"scale":[1],\#(TinyModel.preprocessingTail)}"#,
            "cannot be read: the member 'fit' is wrong"
        ),
    ])
    func wrongPropertyIsExplained(name: String, value: String, problem: String) throws {
        let error = #expect(throws: DamageModelError.self) {
            try DamageModel(TinyModel(properties: [name: value]))
        }
        guard case .propertyWrong(name, let found) = error else {
            Issue.record("threw \(String(describing: error))")
            return
        }
        #expect(found.hasPrefix(problem))
    }

    @Test(arguments: [
        "severity_logits", "type_logits", "damage_map", "embedding", "novelty_distance",
    ])
    func missingOutputIsNamed(name: String) throws {
        let error = #expect(throws: DamageModelError.self) {
            try DamageModel(TinyModel(leftOut: [name]))
        }
        guard case .outputMissing(name, let known) = error else {
            Issue.record("threw \(String(describing: error))")
            return
        }
        #expect(known.count == 4)
    }

    @Test func categoriesAndTheirOutputGoTogether() throws {
        let two = TinyModel(categoryBias: [0, 0])
        #expect(
            throws: DamageModelError.outputWrong(
                name: "category_logits", expected: "float32 [1, 3]", found: [1, 2])
        ) {
            try DamageModel(two)
        }
        #expect(try DamageModel(TinyModel(categoryBias: [0, 0, 0])).categories.count == 3)
        #expect(try DamageModel(TinyModel()).categories.isEmpty)
    }

    @Test func outputOfAnotherShapeIsRefused() {
        #expect(
            throws: DamageModelError.outputWrong(
                name: "type_logits", expected: "float32 [1, 8]", found: [1, 7])
        ) {
            try DamageModel(TinyModel(typeCount: 7))
        }
    }

    @Test func inputOfAnotherSizeThanThePreprocessingIsRefused() {
        #expect(
            throws: DamageModelError.inputWrong(
                expected: "[1, 3, 8, 8]", found: "pixels float32 [1, 3, 8, 9]")
        ) {
            try DamageModel(TinyModel(declaredSize: [8, 9]))
        }
    }

    @Test func calibrationOfAnotherModelIsRefused() throws {
        let model = TinyModel()
        let other = TinyModel(noveltyBias: 0.5)
        let error = #expect(throws: DamageModelError.self) {
            try DamageModel(
                modelBytes: model.bytes,
                calibrationBytes: TinyCalibration().bytes(for: other.bytes))
        }
        guard case .calibrationOfAnotherModel = error else {
            Issue.record("threw \(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        (#""n":10"#, #""n":10,"extra":1"#, "the member 'extra' is not known"),
        (#""error_rate""#, #""rate":0,"error_rate""#, "the member 'risk.rate' is not known"),
        (#""n":10,"#, "", "the member 'n' is missing"),
        (#""n":10"#, #""n":"ten""#, "the member 'n' has another type than expected"),
        ("{", "", "it is no JSON"),
        (#""crack":0.5"#, #""crack":1.5"#, "types.thresholds has no probability for 'crack'"),
        ("[2.0, 1.0, 1.0]", "[2, 0, 1]", "severity.temperatures is [2.0, 0.0, 1.0]"),
        ("[0.5,0.8]", "[0.5,1.8]", "novelty.quantiles descends"),
        ("2026-11-21T02:00:00Z", "yesterday", "the member 'created_at' is wrong"),
    ])
    func mistakeInTheCalibrationIsNamed(old: String, new: String, problem: String) throws {
        let error = #expect(throws: DamageModelError.self) {
            try DamageModel(TinyModel(), TinyCalibration(replacement: (old, new)))
        }
        guard case .calibrationWrong(let problems) = error else {
            Issue.record("threw \(String(describing: error))")
            return
        }
        #expect(problems.first?.hasPrefix(problem) == true, "\(problems)")
    }

    @Test func bytesThatAreNoModelAreRefused() {
        #expect {
            try DamageModel(modelBytes: Data("no model".utf8), calibrationBytes: Data())
        } throws: { error in
            if case .network = error as? DamageModelError { true } else { false }
        }
    }

    @Test func missingFileIsNamed() {
        #expect {
            try DamageModel(modelPath: "/nowhere/model.onnx", calibrationPath: "/nowhere/c.json")
        } throws: { error in
            if case .unreadable("/nowhere/model.onnx", _) = error as? DamageModelError {
                true
            } else {
                false
            }
        }
    }
}
