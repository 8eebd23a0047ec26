import Crypto
import Foundation
import Inspection
import ReturnsDomain

/// A calibration file for a tiny model.
struct TinyCalibration {
    var temperatures = [2.0, 1, 1]
    /// Replaces one text of the file by another, to make mistakes.
    var replacement: (old: String, new: String)?

    func bytes(for model: Data) -> Data {
        let hash = ContentHash(digest: SHA256.hash(data: model))
        let thresholds = DamageType.allCases.map { "\"\($0.rawValue)\":0.5" }
        let text = """
            {"schema":"regrade.calibration/1","id":"tiny-cal-1",
             "created_at":"2026-11-21T02:00:00Z",
             "model":{"name":"tiny","version":"1.2.3","sha256":"\(hash)"},
             "severity":{"method":"temperature","temperatures":\(temperatures)},
             "types":{"temperature":2,"thresholds":{\(thresholds.joined(separator: ","))}},
             "risk":{"error_rate":0.05,"confidence":0.9},
             "prediction_set":{"method":"lac","minimum_probability":0.2},
             "novelty":{"quantiles":[[0,0],[0.5,0.8],[1,1]],"threshold":0.99},
             "automated":[],"review_threshold":0.8,"n":10,"metrics":{}}
            """
        guard let replacement else { return Data(text.utf8) }
        return Data(text.replacing(replacement.old, with: replacement.new).utf8)
    }
}

extension DamageModel {
    /// A tiny model with its calibration.
    init(_ tiny: TinyModel, _ calibration: TinyCalibration = TinyCalibration()) throws {
        let bytes = tiny.bytes
        try self.init(modelBytes: bytes, calibrationBytes: calibration.bytes(for: bytes))
    }
}
