public import ReturnsDomain

extension Assessment {
    /// The probability from which a photo's most likely severity can contradict another photo's.
    public static let contradictionConfidence = 0.6
    /// How many ranks lie between the severities of photos that contradict each other.
    public static let contradictionRankDistance = 2

    /// Makes one assessment of all photos of an item.
    ///
    /// Only usable photos count; if there is none, all do, and the policy asks for better ones. The
    /// item takes the severity of the photo with the highest
    /// ``SeverityProbabilities/expectedRank``, each damage type from the photo that shows it best,
    /// and the novelty of the most unlike photo. Photos contradict each other if two are sure
    /// (``contradictionConfidence``) of severities at least ``contradictionRankDistance`` ranks
    /// apart.
    ///
    /// - Parameters:
    ///   - photos: The photos that could be decoded, at least one, in any order.
    ///   - undecodablePhotos: The others.
    ///   - comparison: How they compare with references of the product.
    /// - Returns: The same assessment whatever the order of the photos.
    /// - Precondition: `photos` is not empty.
    public init(
        fusing photos: [PhotoAssessment], undecodablePhotos: [UndecodablePhoto] = [],
        comparison: ItemComparison? = nil
    ) {
        precondition(!photos.isEmpty, "an assessment needs a photo that was decoded")
        let ordered = photos.sorted { $0.index < $1.index }
        let usable = ordered.filter(\.quality.isUsable)
        let counted = usable.isEmpty ? ordered : usable
        let worst = counted.reduce(counted[0]) { worst, photo in
            photo.calibrated.expectedRank > worst.calibrated.expectedRank ? photo : worst
        }
        self.init(
            raw: worst.raw, calibrated: worst.calibrated, damage: Self.fusedDamage(of: counted),
            novelty: counted.map(\.novelty).max() ?? 1,
            photosDisagree: Self.contradict(counted.map(\.calibrated)), photos: ordered,
            undecodablePhotos: undecodablePhotos.sorted { $0.index < $1.index },
            comparison: comparison)
    }

    private static func fusedDamage(of photos: [PhotoAssessment]) -> [DamageFinding] {
        var best: [DamageType: DamageFinding] = [:]
        for finding in photos.flatMap(\.damage)
        where finding.probability > best[finding.type]?.probability ?? 0 {
            best[finding.type] = finding
        }
        return Array(best.values).sortedByProbability()
    }

    private static func contradict(_ severities: [SeverityProbabilities]) -> Bool {
        let ranks =
            severities
            .filter { $0[$0.mostLikely] >= contradictionConfidence }
            .map(\.mostLikely.rawValue)
        guard let least = ranks.min(), let greatest = ranks.max() else { return false }
        return greatest - least >= contradictionRankDistance
    }
}

extension [DamageFinding] {
    /// Most likely first; equally likely ones in the order of their words.
    func sortedByProbability() -> [DamageFinding] {
        sorted {
            ($0.probability, $1.type.rawValue) > ($1.probability, $0.type.rawValue)
        }
    }
}
