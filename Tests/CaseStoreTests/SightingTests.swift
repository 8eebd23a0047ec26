import CaseStore
import ReturnsDomain
import Statistics
import Testing

/// Photos that look like those of earlier orders.
struct SightingTests {
    private static let look: UInt64 = 0xB5A3_1F00_93C8_D2E4

    /// A look that differs in these bits.
    private static func look(_ bits: [Int]) -> UInt64 { bits.reduce(look) { $0 ^ 1 << UInt64($1) } }

    /// Records a photo with a look, as of an order.
    @discardableResult
    private func record(
        _ look: UInt64?, order: String?, hash: ContentHash = .fixture("a"), in store: CaseStore
    ) async throws -> InspectionID {
        let adjudication = Adjudication.fixture(outcome: .resell, orderID: order)
        try await store.record([
            InspectionRecord(
                adjudication: adjudication, statement: nil, consent: nil,
                photos: [
                    ReceivedPhoto(
                        index: 0, sha256: hash, byteCount: 10, view: .front, format: "jpeg",
                        width: 640, height: 480, removedMetadata: [], keptBytes: nil, look: look)
                ], reviewTask: nil)
        ])
        return adjudication.id
    }

    private func signals(
        _ look: UInt64?, order: String? = "second", in store: CaseStore
    ) async throws -> [ReasonCode] {
        try await store.fraudSignals(
            photos: [PhotoFingerprint(index: 0, sha256: .fixture("b"), look: look)], orderID: order)
    }

    /// Whichever bits differ: everything within the radius is found, and nothing beyond.
    @Test func everyLookWithinTheRadiusIsFoundAndNoneBeyond() async throws {
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url)
        try await record(Self.look, order: "first", in: store)
        var random = SeededGenerator(seed: 5)
        for distance in 0...CaseStore.lookRadius + 3 {
            for _ in 0..<40 {
                let bits = Array((0..<64).shuffled(using: &random).prefix(distance))
                let expected: [ReasonCode] =
                    distance <= CaseStore.lookRadius ? [.photoSeenBefore] : []
                #expect(
                    try await signals(Self.look(bits), in: store) == expected,
                    "bits \(bits.sorted()) differ")
            }
        }
    }

    @Test func theSameOrderOrNoneAndPhotosWithoutALookAreNothingOdd() async throws {
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url)
        try await record(Self.look, order: "first", in: store)
        try await record(nil, order: "first", in: store)
        try await record(
            Self.look([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]), order: nil, in: store)
        #expect(try await signals(Self.look, order: "first", in: store) == [])
        #expect(try await signals(Self.look, order: nil, in: store) == [])
        #expect(try await signals(nil, in: store) == [])
        #expect(
            try await signals(
                Self.look([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]), in: store) == [])
        #expect(try await signals(Self.look, in: store) == [.photoSeenBefore])
    }

    @Test func aCaseSaysWhereItsPhotosWereSeenTheNearestFirst() async throws {
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url)
        let far = try await record(
            Self.look([3, 40]), order: "first", hash: .fixture("c"), in: store)
        let near = try await record(Self.look([3]), order: "second", hash: .fixture("d"), in: store)
        let same = try await record(~Self.look, order: "third", hash: .fixture("e"), in: store)
        let case_ = try await record(Self.look, order: "fourth", hash: .fixture("e"), in: store)
        // What comes later was not seen before.
        try await record(Self.look, order: "fifth", hash: .fixture("f"), in: store)
        let found = try #require(try await store.caseHistory(of: case_)).sightings
        #expect(found.map(\.inspection) == [same, near, far])
        #expect(found.map(\.distance) == [nil, 1, 2])
        #expect(found.allSatisfy { $0.photo == 0 })
    }

    /// A picture that came often fills what is told, without the same order's own photos.
    @Test func ofManyWithOneLookTheFirstAreTold() async throws {
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url)
        let near = try await record(Self.look([3]), order: "near", in: store)
        for _ in 0..<40 { try await record(Self.look, order: "own", in: store) }
        var others: [InspectionID] = []
        for number in 0..<12 {
            others.append(try await record(Self.look, order: "other-\(number)", in: store))
            let case_ = try await record(
                Self.look, order: "own", hash: .fixture("e"), in: store)
            let found = try #require(try await store.caseHistory(of: case_)).sightings
            #expect(found.map(\.inspection) == Array((others + [near]).prefix(10)))
        }
    }

    @Test func anErasedCaseIsSeenNoMore() async throws {
        let directory = TemporaryDirectory()
        let store = try await CaseStore.open(at: directory.url)
        let erased = try await record(Self.look, order: "first", in: store)
        let other = try await record(Self.look([7]), order: "other", in: store)
        _ = try await store.erase([erased])
        let later = try await record(Self.look, order: "second", hash: .fixture("b"), in: store)
        let found = try #require(try await store.caseHistory(of: later)).sightings
        #expect(found.map(\.inspection) == [other])
        #expect(try await store.databaseSetting("integrity_check") == "ok")
        #expect(try await store.lookCount() == 8)
    }
}
