import Imaging
import TestSupport
import Testing

/// Every file of the corpus against the `expect` column of its manifest.
@Suite(.enabled(if: Corpus.isPresent))
struct CorpusExpectationTests {
    @Test func manifestIsReadWhole() {
        #expect(Corpus.entries.count == 1273)
    }

    @Test(arguments: Corpus.entries)
    func fileMeetsItsExpectation(entry: Corpus.Entry) throws {
        let bytes = try Corpus.bytes(entry.path)
        let decoder = PhotoDecoder()
        let result = Result { () throws(ImageDecodingError) in try decoder.decode(bytes) }
        let verdict = Verdict(result)
        #expect(
            Self.admitted(entry.expectation).contains(verdict.kind),
            "\(entry.path): \(verdict.text); the reference said \(entry.referenceMessage)")
    }

    private static func admitted(_ expectation: Corpus.Expectation) -> Set<Verdict.Kind> {
        switch expectation {
        case .decode: [.decoded]
        case .decodeFlagged: [.flagged]
        case .decodeFlaggedOrRefuse: [.flagged, .refused, .limited]
        case .refuse: [.refused, .limited]
        case .refuseLimit: [.limited]
        case .unsupported: [.unsupported]
        case .bounded: [.decoded, .flagged, .refused, .limited]
        }
    }
}

/// What became of a file, in the manifest's terms.
struct Verdict {
    enum Kind: Hashable {
        case decoded, flagged, refused, limited, unsupported
    }

    let kind: Kind
    let text: String

    init(_ result: Result<DecodedPhoto, ImageDecodingError>) {
        switch result {
        case .success(let photo):
            kind = photo.isDamaged ? .flagged : .decoded
            text = "decoded \(photo.header.storedSize) with \(photo.codecWarning ?? "no warning")"
        case .failure(let error):
            text = "\(error.code): \(error)"
            switch error {
            case .unsupportedFormat, .unrecognizedFormat: kind = .unsupported
            default: kind = error.isLimit ? .limited : .refused
            }
        }
    }
}
