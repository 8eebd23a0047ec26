import CaseStore
import DecisionPolicy
import ReferenceComparison
public import ReturnsDomain

/// What a product's reference photos are worth: how alike they are, and what they can tell.
public struct ReferenceEvaluation: Codable, Hashable, Sendable {
    /// The product.
    public let sku: String
    /// The p-value at or below which the policy counts an item as unlike.
    public let level: Double
    /// How many references, or scores lent by other products, such a p-value needs.
    public let countNeeded: Int
    /// One for each view that has references.
    public let views: [View]

    /// The references of one view, each compared with the others.
    public struct View: Codable, Hashable, Sendable {
        /// Which side they show.
        public let view: PhotoView
        /// The least p-value that the references can give by themselves, above 0 and at most 1.
        public let leastPValue: Double
        /// How many more photos the policy's level needs without help from other products; none of
        /// labels and packaging, which it is not asked of.
        public let missingCount: Int
        /// Photos whose bytes cannot be opened or decoded any more.
        public let unusable: [ReferencePhotoID]
        /// The others, each compared with all but itself.
        public let photos: [Photo]

        private enum CodingKeys: String, CodingKey {
            case view, unusable, photos
            case leastPValue = "least_p_value"
            case missingCount = "missing"
        }
    }

    /// One reference compared with the others of its view; alone, it has nothing to be compared
    /// with.
    public struct Photo: Codable, Hashable, Sendable {
        /// Which.
        public let id: ReferencePhotoID
        /// How unlike the others it is, at least 0.
        public let score: Double?
        /// The share of the references, itself included, that are at least as unlike the others.
        public let pValue: Double?
        /// How much the whole of it is like the most similar other one, −1…1.
        public let similarity: Double?
        /// Whether it is so unlike the others that it may show a defect or another thing: look at
        /// it.
        public let isOdd: Bool

        private enum CodingKeys: String, CodingKey {
            case id, score, similarity
            case pValue = "p_value"
            case isOdd = "odd"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case sku, level, views
        case countNeeded = "needed"
    }

    /// How many times the median of the others' scores an odd one has.
    static let oddRatio = 1.5
}

extension ReferenceEvaluation.View {
    /// Judges the references by their own scores.
    init(
        view: PhotoView, photos: [ReferencePhoto], bank: ReferenceBank, used: [Int],
        countNeeded: Int
    ) {
        let scores = bank.ownScores
        let median = scores.sorted().dropFirst(scores.count / 2).first ?? 0
        self.init(
            view: view, leastPValue: 1 / Double(scores.count + 1),
            missingCount: view.isIdentifying ? 0 : max(0, countNeeded - used.count),
            unusable: photos.indices.filter { !used.contains($0) }.map { photos[$0].id },
            photos: used.enumerated().map { place, index in
                let score = scores.isEmpty ? nil : scores[place]
                return ReferenceEvaluation.Photo(
                    id: photos[index].id, score: score,
                    pValue: score.map { score in
                        Double(scores.count { $0 >= score }) / Double(scores.count)
                    },
                    similarity: scores.isEmpty ? nil : bank.ownSimilarities[place],
                    isOdd: scores.count > 2
                        && score.map { $0 > ReferenceEvaluation.oddRatio * median } ?? false)
            })
    }
}

extension Casebook {
    /// Compares a product's references with one another.
    ///
    /// - Parameter inspector: Computes their features; states the policy's level.
    /// - Throws: ``Failure`` of kind `inputMissing` with code `reference_not_found` if it has none.
    public func evaluateReferences(
        of sku: String, by inspector: Inspector
    ) async throws -> ReferenceEvaluation {
        try await Self.failing {
            guard let library = inspector.library(of: store) else {
                throw Failure(
                    .configuration, code: "model_without_features",
                    "the model has no inner image to compare photos by; use another one")
            }
            let level = inspector.comparisonTerms.level
            let needed = PhotoComparison.calibrationCountNeeded(level: level)
            let all = try await store.references(of: sku)
            guard !all.isEmpty else {
                throw Failure(
                    .inputMissing, code: "reference_not_found",
                    "there is no reference photo of this product")
            }
            var views: [ReferenceEvaluation.View] = []
            for view in PhotoView.allCases {
                let photos = all.filter { $0.view == view }
                guard let (bank, used) = try await library.made(of: photos) else { continue }
                views.append(
                    ReferenceEvaluation.View(
                        view: view, photos: photos, bank: bank, used: used, countNeeded: needed))
            }
            return ReferenceEvaluation(sku: sku, level: level, countNeeded: needed, views: views)
        }
    }
}
