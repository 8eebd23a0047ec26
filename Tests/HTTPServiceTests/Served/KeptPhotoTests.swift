import Foundation
import TestSupport
import Testing

/// What the service keeps of the photos that were sent, on the disk before they are judged.
struct KeptPhotoTests {
    /// Files below `photos`, of photos and of notes.
    private func files(of served: ServedData) throws -> (photos: Int, notes: Int) {
        let folder = "\(served.dataPath)/photos"
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
            !$0.hasSuffix("pending") && $0.contains("/")
        }
        let notes = names.count { $0.hasPrefix("pending/") }
        return (names.count - notes, notes)
    }

    @Test func whatCannotBeDecodedLeavesNothing() async throws {
        let served = try await ServedData()
        let broken = try Photo.box.prefix(3000)
        #expect(try await served.post([broken], key: "broken").status == 422)
        #expect(try files(of: served) == (0, 0))
        #expect(try await served.post([Photo.mug, broken], key: "mixed").status == 201)
        #expect(try files(of: served) == (1, 0))
        #expect(try await served.stop().status == 0)
    }

    @Test func whereNothingIsKeptNothingIsPut() async throws {
        let served = try await ServedData(settings: ["REGRADE_KEEP_PHOTOS": "false"])
        #expect(try await served.post([Photo.mug], key: "one").status == 201)
        #expect(try files(of: served) == (0, 0))
        #expect(try await served.stop().status == 0)
    }
}
