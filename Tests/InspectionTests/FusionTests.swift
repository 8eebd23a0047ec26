import Inspection
import ReturnsDomain
import Testing

/// How the photos of an item become one assessment.
struct FusionTests {
    static let none = SeverityProbabilities(none: 0.9, minor: 0.1, moderate: 0, severe: 0)
    static let minor = SeverityProbabilities(none: 0.2, minor: 0.8, moderate: 0, severe: 0)
    static let severe = SeverityProbabilities(none: 0.1, minor: 0.1, moderate: 0.1, severe: 0.7)

    static func photo(
        _ index: Int, _ severity: SeverityProbabilities, issues: [ReasonCode] = [],
        damage: [DamageFinding] = [], novelty: Double = 0.1
    ) -> PhotoAssessment {
        PhotoAssessment(
            index: index, sha256: ContentHash(digest: [UInt8](repeating: UInt8(index), count: 32)),
            view: .front, width: 10, height: 10, format: "png", isDamagedFile: false,
            quality: PhotoQuality(sharpness: 0.5, exposure: 0.5, issues: issues),
            raw: severity, calibrated: severity, damage: damage, novelty: novelty,
            heatMap: HeatMap(width: 1, height: 1, values: [0]))
    }

    static func finding(_ type: DamageType, _ probability: Double, photo: Int) -> DamageFinding {
        DamageFinding(type: type, probability: probability, photo: photo, areaRatio: 0.1)
    }

    @Test func worstUsablePhotoDecidesTheSeverity() {
        let item = Assessment(fusing: [
            Self.photo(0, Self.none), Self.photo(1, Self.minor),
            Self.photo(2, Self.severe, issues: [.photoBlurred], novelty: 0.9),
        ])
        #expect(item.calibrated == Self.minor)
        #expect(item.novelty == 0.1)
        #expect(!item.photosDisagree)
        #expect(item.photos.count == 3)
    }

    @Test func allPhotosCountIfNoneIsUsable() {
        let item = Assessment(fusing: [
            Self.photo(0, Self.none, issues: [.photoTooDark]),
            Self.photo(1, Self.severe, issues: [.photoBlurred]),
        ])
        #expect(item.calibrated == Self.severe)
    }

    @Test func eachDamageTypeComesFromThePhotoThatShowsItBest() {
        let item = Assessment(fusing: [
            Self.photo(
                0, Self.minor,
                damage: [Self.finding(.crack, 0.6, photo: 0), Self.finding(.dent, 0.7, photo: 0)]),
            Self.photo(1, Self.none, damage: [Self.finding(.crack, 0.8, photo: 1)]),
        ])
        #expect(
            item.damage == [
                Self.finding(.crack, 0.8, photo: 1), Self.finding(.dent, 0.7, photo: 0),
            ]
        )
    }

    @Test(arguments: [
        (0.6, 0.6, true), (0.59, 0.6, false), (0.6, 0.59, false),
    ])
    func surePhotosTwoRanksApartContradictEachOther(
        intact: Double, moderate: Double, contradict: Bool
    ) {
        let first = SeverityProbabilities(none: intact, minor: 1 - intact, moderate: 0, severe: 0)
        let second = SeverityProbabilities(
            none: 0, minor: 1 - moderate, moderate: moderate, severe: 0)
        let item = Assessment(fusing: [Self.photo(0, first), Self.photo(1, second)])
        #expect(item.photosDisagree == contradict)
    }

    @Test func neighbouringRanksDoNotContradict() {
        let moderate = SeverityProbabilities(none: 0, minor: 0, moderate: 1, severe: 0)
        let item = Assessment(fusing: [Self.photo(0, Self.minor), Self.photo(1, moderate)])
        #expect(!item.photosDisagree)
    }

    @Test func orderOfPhotosDoesNotMatter() {
        var photos = [
            Self.photo(0, Self.none, damage: [Self.finding(.tear, 0.5, photo: 0)], novelty: 0.4),
            Self.photo(1, Self.severe, damage: [Self.finding(.stain, 0.5, photo: 1)]),
            Self.photo(2, Self.minor, issues: [.photoGlare]),
            Self.photo(3, Self.severe, damage: [Self.finding(.crush, 0.9, photo: 3)]),
        ]
        let expected = Assessment(fusing: photos)
        for _ in 0..<24 {
            photos.shuffle()
            #expect(Assessment(fusing: photos) == expected)
        }
    }
}
