import Foundation
import TestSupport
import Testing

/// T6: what a file is, its leading bytes say; names and types that a client states say nothing.
struct FileTypeTests {
    /// A part with a file name and a type, as browsers send it.
    private static func form(_ photo: Data, name: String, type: String) -> Data {
        let head = """
            --XX\r\nContent-Disposition: form-data; name="photo"; filename="\(name)"\r\n\
            Content-Type: \(type)\r\n\r\n
            """
        return Data(head.utf8) + photo + Data("\r\n--XX--\r\n".utf8)
    }

    private static func send(
        _ photo: Data, name: String, type: String, key: String, to served: ServedData
    ) async throws -> Reply {
        try await served.send(
            "POST", "/v1/inspections",
            headers: [
                "Content-Type": "multipart/form-data; boundary=XX", "Idempotency-Key": key,
            ], body: form(photo, name: name, type: type))
    }

    @Test(.enabled(if: Corpus.isPresent))
    func otherFormatsAreRefusedWhateverTheyAreCalled() async throws {
        let served = try await ServedData(settings: ["REGRADE_REQUEST_RATE_LIMIT": "1000000"])
        let files = Corpus.entries.filter { $0.expectation == .unsupported }
        #expect(files.count >= 60)
        for (number, file) in files.enumerated() {
            let bytes = Data(try Corpus.bytes(file.path))
            let replies = [
                try await served.postFile(bytes, key: "jpeg-\(number)"),
                try await served.postFile(bytes, key: "png-\(number)", type: "image/png"),
                try await Self.send(
                    bytes, name: "photo.jpg", type: "image/jpeg", key: "part-\(number)",
                    to: served),
            ]
            for reply in replies {
                #expect(
                    reply.status == 415
                        && ["unsupported_format", "unsupported_encoding"].contains(reply.code),
                    "\(file): \(reply.status) \(reply.code ?? "")")
            }
        }
        print("file types over HTTP: \(files.count) files, each 415 as JPEG, as PNG and as a part")
        try await served.stop()
    }

    @Test
    func photosAreTakenWhateverTheyAreCalled() async throws {
        let served = try await ServedData()
        let png = try Photo.named("clock-motion-blur.png")
        let rows: [(photo: Data, name: String, type: String)] = [
            (try Photo.box, "photo.gif", "image/gif"), (png, "photo.jpg", "image/jpeg"),
            (try Photo.mug, "a.exe", "application/octet-stream"), (png, "", "text/html"),
        ]
        for (number, row) in rows.enumerated() {
            let reply = try await Self.send(
                row.photo, name: row.name, type: row.type, key: "\(number)", to: served)
            #expect(reply.status == 201, "\(row.name) \(row.type)")
        }
        #expect(try await served.postFile(png, key: "raw").status == 201)
        let other = try await served.postFile(png, key: "other", type: "image/gif")
        #expect(other.status == 415 && other.code == "unsupported_media_type")
        try await served.stop()
    }

    @Test
    func aFileNameIsNoPath() async throws {
        let served = try await ServedData()
        let mark = "regrade-evil-\(UUID().uuidString)"
        let names = [
            "../../\(mark)", "/tmp/\(mark)", "..\\\\..\\\\\(mark)", "%2e%2e%2f\(mark)",
            "\(mark)/../../\(mark)", String(repeating: "../", count: 30) + "tmp/\(mark)",
        ]
        for (number, name) in names.enumerated() {
            let reply = try await Self.send(
                Photo.box, name: name, type: "image/jpeg", key: "\(number)", to: served)
            #expect(reply.status == 201, "\(name)")
        }
        try await served.stop()
        #expect(!FileManager.default.fileExists(atPath: "/tmp/\(mark)"))
        let around = served.folder.url.deletingLastPathComponent()
        let listed = try FileManager.default.contentsOfDirectory(atPath: around.path)
        #expect(!listed.contains { $0.contains(mark) })
        for file in try served.files() {
            #expect(!file.name.contains(mark))
            #expect(file.bytes.firstRange(of: Data(mark.utf8)) == nil, "\(file.name)")
        }
    }
}
