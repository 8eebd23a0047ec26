import CaseStore
import Crypto
import Foundation
import TestSupport
import Testing

@Suite struct NoteTests {
    /// The example of the signed note's specification verifies with the key of its page.
    ///
    /// - SeeAlso: golang.org/x/mod/sumdb/note, the example of `Open`.
    private static let goNote = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvq\
        fqdngotpRZb6KE6RyyBwJnAM=

        """
    private static let goKey =
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    @Test func aNoteOfGoIsRead() throws {
        let key = try #require(NoteVerifierKey(Self.goKey))
        let note = try #require(SignedNote(Self.goNote))
        #expect(note.isSigned(by: key))
        #expect(key.description == Self.goKey)
        #expect(note.text.hasSuffix("problem is.\n"))
    }

    /// The checkpoint and the key printed in `docs/audit-log.md` belong together.
    @Test func theDocumentedCheckpointVerifies() throws {
        let page = Repository.root.appending(path: "docs/audit-log.md")
        let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
        let blocks = text.components(separatedBy: "```\n").filter {
            $0.hasPrefix("regrade-audit/")
        }
        try #require(blocks.count == 2)
        let key = try #require(NoteVerifierKey(blocks[1]))
        let note = try #require(SignedNote(blocks[0]))
        #expect(note.isSigned(by: key))
        #expect(Checkpoint(note.text)?.origin == key.name)
    }

    private func signer() throws -> NoteSigner {
        try NoteSigner(name: "regrade-audit/test", secret: Data(0..<32))
    }

    @Test func everyBitOfANoteAndOfAKeyCounts() throws {
        let signer = try signer()
        let checkpoint = Checkpoint(
            origin: signer.key.name, size: 1000, root: MerkleHash(leaf: Data()))
        let note = try signer.note(checkpoint.text)
        #expect(SignedNote(note)?.isSigned(by: signer.key) == true)
        #expect(SignedNote(note).flatMap { Checkpoint($0.text) } == checkpoint)
        func flips(_ text: String) -> [String?] {
            let bytes = Array(text.utf8)
            return bytes.indices.flatMap { index in
                (0..<8).map { bit in
                    var flipped = bytes
                    flipped[index] ^= 1 << bit
                    return String(validating: flipped, as: UTF8.self)
                }
            }
        }
        for flipped in flips(note).compactMap({ $0 }) {
            #expect(SignedNote(flipped)?.isSigned(by: signer.key) != true)
        }
        for flipped in flips(signer.key.description).compactMap({ $0 }) {
            #expect(NoteVerifierKey(flipped) == nil)
        }
    }

    @Test(arguments: [
        "", "\n", "a\n1\n", "a\n01\nroot\n", "a\n-1\nroot\n", "a\n1\nAAAA\n", "a\n1 \nroot\n",
        "a\n1\nroot", "a\n1\n\nroot\n",
    ])
    func otherTextsAreNoCheckpoints(text: String) {
        let root = MerkleHash.empty.base64
        #expect(Checkpoint("a\n1\n\(root)\n") != nil)
        #expect(Checkpoint("a\n1\n\(root)\nextension\n") != nil)
        #expect(Checkpoint(text.replacing("root", with: root)) == nil)
    }

    @Test func aSecondSignatureDoesNotMatterUnlessItIsOursAndWrong() throws {
        let signer = try signer()
        let other = try NoteSigner(name: "witness", secret: Data(1..<33))
        let note = try signer.note("text\n")
        let cosigned = note + (try other.note("text\n").split(separator: "\n").last ?? "") + "\n"
        #expect(SignedNote(cosigned)?.isSigned(by: signer.key) == true)
        #expect(SignedNote(cosigned)?.isSigned(by: other.key) == true)
        let wrong = note + (try signer.note("other\n").split(separator: "\n").last ?? "") + "\n"
        #expect(SignedNote(wrong)?.isSigned(by: signer.key) == false)
    }
}
