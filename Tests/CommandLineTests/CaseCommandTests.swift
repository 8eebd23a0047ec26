import Foundation
import ReturnsDomain
import TestSupport
import Testing

struct CaseCommandTests {
    /// A JPEG with a position in its EXIF: 51° north, as plain text beside it too.
    private func photoWithPosition() throws -> Data {
        let photo = try Data(contentsOf: Fixtures.photo)
        var tiff = Data("II*\0".utf8) + Data([8, 0, 0, 0])
        // One entry: the GPS folder, 0x8825, at byte 26; it has one entry, a text at byte 44.
        tiff += Data([1, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0])
        tiff += Data([1, 0, 0x1B, 0, 7, 0, 24, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0])
        tiff += Data("GPSPOSITION-51.5N-000.1W".utf8)
        let body = Data("Exif\0\0".utf8) + tiff
        let length = body.count + 2
        return photo.prefix(2) + Data([0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)]) + body
            + photo.dropFirst(2)
    }

    @Test(arguments: ["inspect", "batch"])
    func aPositionInAPhotoIsNotKept(command: String) async throws {
        let data = try DataDirectory()
        let bytes = try photoWithPosition()
        #expect(bytes.firstRange(of: Data("GPSPOSITION".utf8)) != nil)
        let photo = try data.write(bytes, to: "photos/a.jpg")
        let source = command == "inspect" ? photo : photo.deletingLastPathComponent()
        let output = try await data.regrade(command, source.path)
        #expect(output.status == 0, "\(output.messages)")
        _ = try await data.regrade("reviewer", "add", "kim")
        let next = try await data.regrade("review", "next", "--reviewer", "kim", "--json")
        let task = try #require(try jsonLines(next.standardOutput).first?["task"] as? String)
        let shown = data.beside("shown")
        let show = try await data.regrade(
            "review", "show", task, "--reviewer", "kim", "--photos", shown.path)
        #expect(show.status == 0, "\(show.messages)")
        let kept = try FileManager.default.contentsOfDirectory(atPath: shown.path)
        #expect(kept.count == 1)
        for name in kept {
            let picture = try Data(contentsOf: shown.appending(path: name))
            #expect(picture.count > 10_000)
            #expect(picture.firstRange(of: Data("GPSPOSITION".utf8)) == nil)
        }
    }

    /// The same picture in another file, sent with another order.
    @Test func aPhotoThatLooksLikeAnEarlierOneIsAReasonAndNamedInTheCase() async throws {
        let data = try DataDirectory()
        func inspected(_ path: String, order: String) async throws -> (id: String, text: String) {
            let output = try await data.regrade("inspect", path, "--order-id", order, "--json")
            let id = try jsonLines(output.standardOutput).first?["id"] as? String
            return (try #require(id), output.text)
        }
        let first = try await inspected(Fixtures.photo.path, order: "first")
        #expect(!first.text.contains("photo_seen_before"))
        let other = try data.write(photoWithPosition(), to: "other.jpg")
        let second = try await inspected(other.path, order: "second")
        #expect(second.text.contains("photo_seen_before"))
        let shown = try await data.regrade("case", "show", second.id)
        #expect(shown.text.contains("seen in \(first.id)"), "\(shown.text)")
        #expect(shown.text.contains("looks alike (0 of 64 bits differ)"), "\(shown.text)")
        _ = try await data.regrade("case", "erase", first.id)
        let after = try await data.regrade("case", "show", second.id)
        #expect(after.status == 0 && !after.text.contains("seen in"), "\(after.text)")
    }

    @Test func aCaseIsErasedByItsOrderAndLeavesAReceipt() async throws {
        let data = try DataDirectory()
        let order = "order-of-a-person"
        let inspected = try await data.regrade(
            "inspect", Fixtures.photo.path, "--order-id", order, "--statement", "my own words",
            "--json")
        let id = try #require(try jsonLines(inspected.standardOutput).first?["id"] as? String)
        let held = try await data.regrade("case", "hold", "on", id, "--reference", "file 12")
        #expect(held.status == 0, "\(held.messages)")
        let refused = try await data.regrade("case", "erase", id)
        #expect(refused.status == 64 && refused.messages.contains("[legal_hold]"))
        _ = try await data.regrade("case", "hold", "off", id)

        let erased = try await data.regrade("case", "erase", "--order", order)

        #expect(erased.status == 0, "\(erased.messages)")
        let receipt = try #require(try jsonLines(erased.standardOutput).first)
        #expect(receipt["inspection"] as? String == id && receipt["complete"] as? Bool == true)
        let again = try await data.regrade("case", "erase", id)
        #expect(again.status == 66 && again.messages.contains("[inspection_erased]"))
        let verdict = try await data.regrade("audit", "verify")
        #expect(verdict.text.hasPrefix("the chain holds: "), "\(verdict.text)")
        let root = data.file("")
        for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
            #expect(!path.contains(order))
            guard let bytes = try? Data(contentsOf: root.appending(path: path)) else { continue }
            #expect(bytes.firstRange(of: Data(order.utf8)) == nil, "\(path)")
        }
    }

    @Test func aBackupComesBackAndARotatedKeyOpensIt() async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("inspect", Fixtures.photo.path, "--order-id", "order-1")
        let file = data.beside("a.backup").path
        let backup = try await data.regrade("backup", file, "--json")
        #expect(backup.status == 0, "\(backup.messages)")
        #expect(try await data.regrade("backup", file).status == 73)
        _ = try await data.regrade("inspect", Fixtures.photo.path, "--order-id", "order-2")
        let restored = try await data.regrade("restore", file, "--json")
        #expect(restored.status == 0, "\(restored.messages)")
        let cases = try data.lines(of: "adjudications.jsonl")
        #expect(cases.compactMap { $0["order_id"] as? String } == ["order-1"])
        let rotated = try await data.regrade("key", "rotate", "wrapping", "--json")
        #expect(rotated.status == 0, "\(rotated.messages)")
        #expect(try jsonLines(rotated.standardOutput).first?["rewrapped"] as? Int == 1)
        let verdict = try await data.regrade("audit", "verify")
        #expect(verdict.text.hasPrefix("the chain holds: "), "\(verdict.text)")
    }

    @Test func aSweepCountsWhatIsDue() async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("inspect", Fixtures.photo.path)
        let shown = try await data.regrade("retention", "show", "--json")
        #expect(shown.status == 0, "\(shown.messages)")
        #expect(try jsonLines(shown.standardOutput).first?["photos"] as? Int == 0)
        let swept = try await data.regrade("retention", "sweep")
        #expect(swept.text == "removed: photos of 0 cases, texts of 0, 0 whole cases\n")
    }
}
