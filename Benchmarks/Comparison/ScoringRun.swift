import Foundation
import ReferenceComparison
import ReturnsDomain

/// Makes a bank for each line of a plan and scores its photos.
///
/// A line is `{"set": "tiles, 5", "references": [PATH…], "photos": [PATH…], "lends": BOOL,
/// "inTheMiddle": BOOL}`, the last saying where the photos show their item. A set that lends gives
/// its references' scores to the pool of the sets after it.
struct ScoringRun {
    private struct Plan: Decodable {
        let set: String
        let references: [String]
        let photos: [String]
        let lends: Bool
        let inTheMiddle: Bool
    }

    private struct Bank: Encodable {
        let set: String
        let ownScores: [Double]
        let ownSimilarities: [Double]
        let encodedByteCount: Int
        let makingMilliseconds: Double
    }

    private struct Score: Encodable {
        let set: String
        let photo: String
        let score: Double
        let pValue: Double
        let calibrationCount: Int
        let pooledPValue: Double
        let isComparable: Bool
        let similarity: Double
        let map: [Float]
    }

    private let reader: PhotoReader

    init(_ reader: PhotoReader) { self.reader = reader }

    func run() throws {
        var lent: [Double] = []
        while let line = readLine() {
            let plan = try JSONDecoder().decode(Plan.self, from: Data(line.utf8))
            let references = try plan.references.map(reader.features)
            var made: ReferenceBank?
            let duration = try ContinuousClock().measure {
                made = try ReferenceBank(
                    of: references, focus: plan.inTheMiddle ? .middle : .everywhere)
            }
            guard let bank = made else { continue }
            try writeLine(
                Bank(
                    set: plan.set, ownScores: bank.ownScores,
                    ownSimilarities: bank.ownSimilarities, encodedByteCount: bank.encoded().count,
                    makingMilliseconds: duration / .milliseconds(1)))
            let pool = ScorePool(ratios: lent)
            for photo in plan.photos {
                let features = try reader.features(of: photo)
                let comparison = try bank.compare(features)
                let pooled = try bank.compare(features, pool: pool)
                try writeLine(
                    Score(
                        set: plan.set, photo: photo, score: comparison.score,
                        pValue: comparison.pValue, calibrationCount: comparison.calibrationCount,
                        pooledPValue: pooled.pValue, isComparable: comparison.isComparable,
                        similarity: comparison.similarity, map: comparison.anomalyMap.values))
            }
            if plan.lends { lent += bank.scoreRatios }
        }
    }
}
