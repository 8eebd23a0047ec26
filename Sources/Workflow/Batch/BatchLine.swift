import Foundation
import ReturnsDomain

/// One line of a batch's results.
struct BatchLine: Encodable {
    let item: BatchItem
    let result: BatchItemResult

    private enum CodingKeys: String, CodingKey {
        case item, path, paths, error
    }

    private struct ItemError: Encodable {
        let code: String
        let message: String
    }

    /// Writes the members of the adjudication, if there is one, and `path` or `paths` beside them,
    /// and `item` where the item is not named by its path.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if item.paths.count == 1 {
            try container.encode(item.paths[0], forKey: .path)
        } else {
            try container.encode(item.paths, forKey: .paths)
        }
        if item.paths != [item.item] { try container.encode(item.item, forKey: .item) }
        switch result {
        case .inspected(let adjudication): try adjudication.encode(to: encoder)
        case .unreadable(let code, let message):
            try container.encode(ItemError(code: code, message: message), forKey: .error)
        }
    }

    /// The line as JSON, line end included.
    func jsonLine() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    static let csvHeader = [
        "item", "paths", "inspection", "outcome", "recommended", "severity", "confidence",
        "prediction_set", "reasons", "damage", "error",
    ]

    var csvFields: [String] {
        let names = [item.item, item.paths.joined(separator: "|")]
        switch result {
        case .unreadable(let code, _):
            return names + Array(repeating: "", count: Self.csvHeader.count - 3) + [code]
        case .inspected(let document):
            let decision = document.decision
            return names + [
                document.id.description, decision.outcome.rawValue,
                decision.recommended.rawValue, decision.severity.name,
                String(format: "%.4f", decision.confidence),
                decision.predictionSet.map(\.rawValue).joined(separator: "|"),
                decision.reasons.map(\.code.rawValue).joined(separator: "|"),
                document.damage.map(\.type.rawValue).joined(separator: "|"), "",
            ]
        }
    }
}
