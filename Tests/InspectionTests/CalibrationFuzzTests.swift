import Foundation
import Inspection
import TestSupport
import Testing

struct CalibrationFuzzTests {
    @Test func calibrationFilesAreAnsweredWithoutACrash() async throws {
        let model = TinyModel().bytes
        let fuzzing = ParserFuzzing(
            "calibration", seeds: [Array(TinyCalibration().bytes(for: model))],
            words: [
                "0", "1e999", "-1", "null", "[", "{}", "\"\"", "[[0,0]]", "true",
                "regrade.calibration/1",
            ])
        try await fuzzing.run { bytes in
            _ = try DamageModel(modelBytes: model, calibrationBytes: Data(bytes))
        }
    }
}
