import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// Every file of the corpora goes through the built program.
@Suite(.enabled(if: Corpus.isPresent))
struct CorpusCommandTests {
    @Test(arguments: [
        "pngsuite", "exif-orientation", "jpeg-reftest", "jpeg-icc", "photos-full-size",
        "libjpeg-turbo", "truncated", "unsupported", "bombs",
    ])
    func everyFileEndsInADocumentOrANamedError(folder: String) async throws {
        let corpus = try #require(Corpus.directory)
        let data = try DataDirectory()
        let file = data.beside("results.jsonl")
        let output = try await data.regrade(
            "batch", corpus.appending(path: folder).path, "--out", file.path,
            "--no-keep-photos", "--json")
        #expect(output.status == 0 || folder == "unsupported" || folder == "bombs")
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        let results = try Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let members = try #require(
                    try JSONSerialization.jsonObject(with: line) as? [String: Any])
                return (try #require(members["path"] as? String), (members, Data(line)))
            })
        var documentCount = 0
        for entry in Corpus.entries where entry.folder == folder {
            // Files that are left out by name never reach the decoder.
            guard let (members, line) = results[entry.name] else { continue }
            let error = members["error"] as? [String: String]
            switch entry.expectation {
            case .decode, .decodeFlagged:
                #expect(error == nil, "\(entry): \(error ?? [:])")
            case .refuse, .refuseLimit, .unsupported:
                #expect(error?["code"] != nil, "\(entry) was not refused")
            case .decodeFlaggedOrRefuse, .bounded: break
            }
            guard error == nil else { continue }
            let document = try JSONDecoder().decode(Adjudication.self, from: line)
            #expect(document.photos.count == 1 && document.probabilities != nil, "\(entry)")
            if entry.expectation == .decodeFlagged {
                #expect(
                    document.decision.reasons.contains { $0.code == ReasonCode.photoDamagedFile })
            }
            documentCount += 1
        }
        print("corpus through regrade: \(folder): \(documentCount) documents, \(lines.count) files")
    }
}
