public import ReturnsDomain

/// Where in a photo the evidence lies, and by which model: what programs elsewhere draw.
public struct EvidenceMap: Hashable, Sendable {
    /// SHA-256 of the file of the model that computed it.
    public let model: ContentHash
    /// In each place the greater of what the network and the comparison say.
    public let map: HeatMap

    /// More cells in a row or column are no map of any model.
    public static let sideLimit = 1_024

    init(model: ContentHash, map: HeatMap) {
        self.model = model
        self.map = map
    }
}

extension EvidenceMap: Codable {
    private enum CodingKeys: String, CodingKey {
        case model = "model_sha256"
        case width, height, values
    }

    /// Reads a map.
    ///
    /// - Throws: `DecodingError` if the values are not as many as the cells, or not in 0…1.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        model = try container.decode(ContentHash.self, forKey: .model)
        let width = try container.decode(Int.self, forKey: .width)
        let height = try container.decode(Int.self, forKey: .height)
        let values = try container.decode([Float].self, forKey: .values)
        let sides = 1...Self.sideLimit
        guard sides.contains(width), sides.contains(height), values.count == width * height,
            values.allSatisfy({ (0...1).contains($0) })
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .values, in: container,
                debugDescription: "\(values.count) values for \(width) x \(height) cells of 0...1")
        }
        map = HeatMap(width: width, height: height, values: values)
    }

    /// Writes `model_sha256`, `width`, `height` and `values`, row by row.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(model, forKey: .model)
        try container.encode(map.width, forKey: .width)
        try container.encode(map.height, forKey: .height)
        try container.encode(map.values, forKey: .values)
    }
}
