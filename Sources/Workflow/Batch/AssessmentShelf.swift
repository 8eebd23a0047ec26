import CaseStore
import Foundation
import ReturnsDomain
import Synchronization

/// What the model made of photos before, by their content: the same photo under the same engine is
/// not computed again, whatever its file is called and whichever run it came with.
///
/// Only the assessment is kept. Whatever depends on order data, policy or automation is decided
/// anew each time.
public final class AssessmentShelf: Sendable {
    /// Assessments held in memory in front of the casebook; about 2 KB each.
    static let memoryCountLimit = 2_000

    private let store: CaseStore
    private let engine: ContentHash
    private let recent = Mutex<[ContentHash: PhotoAssessment]>([:])

    /// - Parameter engine: See ``Inspector/engineKey``.
    init(store: CaseStore, engine: ContentHash) {
        self.store = store
        self.engine = engine
    }

    /// What is known of a photo; nil if it must be computed.
    ///
    /// Blocks for a look-up, so it belongs on a worker thread.
    func assessment(
        of photo: ContentHash, index: Int, view: PhotoView
    ) -> PhotoAssessment? {
        if let known = recent.withLock({ $0[photo] }) { return known.placed(index, view) }
        // What cannot be looked up or read is computed: that costs time and changes nothing.
        guard let bytes = try? store.assessment(ofPhoto: photo, engine: engine),
            let kept = try? JSONDecoder().decode(KeptAssessment.self, from: bytes),
            let known = kept.assessment(of: photo)
        else { return nil }
        remember([known])
        return known.placed(index, view)
    }

    /// Keeps what was computed; durable when this returns.
    func keep(_ assessments: [PhotoAssessment]) async throws {
        var bytes: [ContentHash: Data] = [:]
        let encoder = JSONEncoder()
        for assessment in assessments {
            bytes[assessment.sha256] = try encoder.encode(KeptAssessment(assessment))
        }
        try await store.keepAssessments(bytes, engine: engine)
        remember(assessments)
    }

    private func remember(_ assessments: [PhotoAssessment]) {
        recent.withLock { recent in
            // Emptied at once: what is in use comes back from the casebook, and nothing has to keep
            // count of what was used when.
            if recent.count + assessments.count > Self.memoryCountLimit { recent.removeAll() }
            for assessment in assessments { recent[assessment.sha256] = assessment }
        }
    }
}

extension PhotoAssessment {
    /// The same photo at another place among an item's photos.
    fileprivate func placed(_ index: Int, _ view: PhotoView) -> PhotoAssessment {
        PhotoAssessment(
            index: index, sha256: sha256, view: view, width: width, height: height, format: format,
            isDamagedFile: isDamagedFile, quality: quality, raw: raw, calibrated: calibrated,
            damage: damage.map {
                DamageFinding(
                    type: $0.type, probability: $0.probability, photo: index,
                    areaRatio: $0.areaRatio)
            }, novelty: novelty, heatMap: heatMap, category: category, look: look)
    }
}

/// An assessment as it is kept: everything but the photo's place among an item's photos.
///
/// JSON, because its numbers come back as the very same numbers; the heat map as little-endian
/// float32 in base 64.
private struct KeptAssessment: Codable {
    let width: Int
    let height: Int
    let format: String
    let isDamagedFile: Bool
    let quality: PhotoQuality
    let raw: SeverityProbabilities
    let calibrated: SeverityProbabilities
    let damage: [DamageFinding]
    let novelty: Double
    let category: CategoryProbabilities?
    let look: UInt64?
    let mapWidth: Int
    let mapHeight: Int
    let map: Data

    init(_ assessment: PhotoAssessment) {
        width = assessment.width
        height = assessment.height
        format = assessment.format
        isDamagedFile = assessment.isDamagedFile
        quality = assessment.quality
        raw = assessment.raw
        calibrated = assessment.calibrated
        damage = assessment.damage
        novelty = assessment.novelty
        category = assessment.category
        look = assessment.look
        mapWidth = assessment.heatMap.width
        mapHeight = assessment.heatMap.height
        var bytes = Data(capacity: assessment.heatMap.values.count * 4)
        for value in assessment.heatMap.values {
            let pattern = value.bitPattern
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(pattern >> UInt32(shift) & 0xFF)) }
        }
        map = bytes
    }

    /// The assessment as of a lone photo; nil if the map does not have the cells it claims.
    func assessment(of photo: ContentHash) -> PhotoAssessment? {
        guard mapWidth > 0, mapHeight > 0, map.count == mapWidth * mapHeight * 4 else { return nil }
        let bytes = [UInt8](map)
        let values = stride(from: 0, to: bytes.count, by: 4).map { start in
            Float(
                bitPattern: (0..<4).reduce(UInt32(0)) { pattern, place in
                    pattern | UInt32(bytes[start + place]) << UInt32(8 * place)
                })
        }
        return PhotoAssessment(
            index: 0, sha256: photo, view: .other, width: width, height: height, format: format,
            isDamagedFile: isDamagedFile, quality: quality, raw: raw, calibrated: calibrated,
            damage: damage, novelty: novelty,
            heatMap: HeatMap(width: mapWidth, height: mapHeight, values: values),
            category: category, look: look)
    }
}
