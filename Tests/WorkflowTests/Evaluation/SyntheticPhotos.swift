import DecisionPolicy
import Foundation
import ReturnsDomain
import Statistics
import TestSupport
import Workflow

/// Judged photos of a model whose logits are known to be right as often as they say.
enum SyntheticPhotos {
    /// Photos of one category; a share of about a half is intact, damage is minor or severe.
    static func photos(
        _ count: Int, category: String = "vehicle", split: String? = "calibration",
        groupSize: Int = 1, seed: UInt64 = 1
    ) -> [JudgedPhoto] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            let damage = 16 * (generator.unit() - 0.5)
            let severe = 10 * (generator.unit() - 0.5)
            let isDamaged = generator.unit() < logistic(damage)
            let isSevere = generator.unit() < logistic(severe)
            let severity: Severity = isDamaged ? (isSevere ? .severe : .minor) : .none
            return JudgedPhoto(
                label: LabelledPhoto(
                    path: "\(category)/\(index).jpg", place: .file("/nowhere/\(index).jpg"),
                    isDamaged: isDamaged, severity: severity, outcome: nil, types: nil,
                    category: category, source: index.isMultiple(of: 2) ? "shop" : "web",
                    group: "\(category) \(index / groupSize)", split: split),
                width: isDamaged ? 640 : 480, height: 480, isFit: true,
                severityLogits: [damage, severe, 20], noveltyDistance: generator.unit())
        }
    }

    /// The calibration of the documentation's example.
    static func calibration() throws -> Calibration {
        let text = try DocumentedExample.first(of: "json", in: "docs/calibration.md")
        return try JSONDecoder().decode(Calibration.self, from: Data(text.utf8))
    }

    static func policy() throws -> Policy { try LoadedPolicy.shipped().policy }

    static let model = ModelVersion(
        name: "synthetic", version: "1",
        sha256: ContentHash(digest: Array(repeating: 7, count: 32)),
        preprocessing: "none", calibration: "example")
}
