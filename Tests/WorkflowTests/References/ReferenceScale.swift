import CaseStore
import Foundation
import ReturnsDomain
import Statistics
import TestSupport
import Testing
import Workflow

/// A record of many products, each with a reference photo and a bank; `scripts/measure-references`
/// makes one of 100,000.
///
/// Banks are made once of fixtures and stored under many products by the store's own functions.
struct ReferenceScale {
    /// Products written at the same time: those that wait share a transaction.
    private static let writerCount = 64

    let casebook: Casebook
    let inspector: Inspector
    private let store: CaseStore

    init(directory: URL) async throws {
        store = try await CaseStore.open(at: directory)
        casebook = try await Casebook.open(
            directory: directory.path, creating: true, warn: { _ in })
        var settings = Settings()
        settings.workerCount = 1
        inspector = try Inspector(settings: settings)
    }

    /// How many banks may be held.
    var countLimit: Int { Settings().referenceBankCountLimit }

    /// Adds products with the bank of one photo, and after them some with the largest bank.
    func fill(small: Int, large: Int) async throws {
        let ofOne = try await bank(of: ["box-intact.jpg"], as: "A-SMALL")
        let ofAll = try await bank(of: try Self.fixtures(), as: "A-LARGE")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<small + large {
                if number >= Self.writerCount { _ = try await group.next() }
                group.addTask { try await add(number, number < small ? ofOne : ofAll) }
            }
            try await group.waitForAll()
        }
    }

    /// Looks up random products of a range of numbers.
    ///
    /// - Returns: How long each took, in milliseconds, in the order in which they were asked for.
    func lookUp(_ numbers: Range<Int>, count: Int) async throws -> [Double] {
        var random = SeededGenerator(seed: 5)
        var durations: [Double] = []
        for _ in 0..<count {
            let order = OrderData(sku: Self.sku(numbers.randomElement(using: &random) ?? 0))
            let start = ContinuousClock.now
            let found = try await inspector.referenceBankCount(for: order, in: casebook)
            durations.append(start.duration(to: .now) / .milliseconds(1))
            // Its own, and two of those on either side where there are so many.
            #expect((3...5).contains(found))
        }
        return durations
    }

    private static func sku(_ number: Int) -> String { "SKU-" + String(10_000_000 + number) }

    private static func fixtures() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Repository.fixtures.path)
            .filter { $0.hasSuffix(".jpg") && !$0.contains("truncated") && !$0.contains("not-a") }
            .filter { !$0.contains("cut-short") }.sorted()
    }

    /// A bank, and how many photos it was made of.
    private struct KeptBank {
        let bytes: Data
        let photoCount: Int
    }

    private func bank(of names: [String], as sku: String) async throws -> KeptBank {
        let photos = try names.map { name in
            let bytes = try Data(contentsOf: Repository.fixtures.appending(path: name))
            return SubmittedPhoto(bytes: [UInt8](bytes), view: .front)
        }
        _ = try await casebook.addReferences(
            ReferenceSubmission(sku: sku, role: .catalogue, photos: photos), by: inspector)
        let version = try #require(inspector.referenceFeatureVersion)
        let bytes = try await store.referenceBank(
            of: sku, view: .front, featureVersion: version, version: 1)
        return KeptBank(bytes: try #require(bytes), photoCount: photos.count)
    }

    private func add(_ number: Int, _ bank: KeptBank) async throws {
        let version = try #require(inspector.referenceFeatureVersion)
        let sku = Self.sku(number)
        let digest = contentHash(number)
        try await store.addReferences(
            [
                NewReferencePhoto(
                    role: .catalogue,
                    photo: ReceivedPhoto(
                        index: 0, sha256: digest, byteCount: 1, view: .front, format: "jpeg",
                        width: 1, height: 1, removedMetadata: [], keptBytes: Data([0])))
            ], to: sku)
        try await store.keepReferenceBank(
            bank.bytes, of: sku, view: .front, featureVersion: version, version: 1,
            photoCount: bank.photoCount)
    }

    private func contentHash(_ number: Int) -> ContentHash {
        ContentHash(digest: (0..<32).map { UInt8(truncatingIfNeeded: number >> (8 * min($0, 7))) })
    }
}
