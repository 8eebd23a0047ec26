import Foundation

/// A text with signatures under it: c2sp.org/signed-note.
///
/// The text ends with a newline; then come an empty line and one line for each signature: an em
/// dash, a space, the key's name, a space, and base64 of the key's number (4 bytes) and the
/// signature.
package struct SignedNote: Hashable, Sendable {
    /// The longest note that is read, in bytes: a checkpoint with 16 signatures of any kind.
    package static let byteCountLimit = 100_000

    /// What is signed, with its last newline.
    package let text: String
    private let signatures: [Signature]

    private struct Signature: Hashable {
        let name: String
        let keyID: Data
        let bytes: Data
    }

    /// Reads a note; nil if it has not the form of one.
    package init?(_ note: String) {
        guard note.utf8.count <= Self.byteCountLimit,
            !note.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A }),
            let separator = note.range(of: "\n\n", options: [.backwards, .literal])
        else { return nil }
        text = note[..<separator.lowerBound] + "\n"
        let lines = note[separator.upperBound...]
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1, lines.last == "" else { return nil }
        var signatures: [Signature] = []
        for line in lines.dropLast() {
            guard let signature = Self.signature(line) else { return nil }
            signatures.append(signature)
        }
        self.signatures = signatures
    }

    private static func signature(_ line: Substring) -> Signature? {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[0] == "\u{2014}", NoteVerifierKey.isName(words[1]),
            let bytes = Data(canonicalBase64: String(words[2])), bytes.count > 4
        else { return nil }
        return Signature(
            name: String(words[1]), keyID: bytes.prefix(4), bytes: Data(bytes.dropFirst(4)))
    }

    /// Whether a key signed the text; signatures of other keys do not matter, but no wrong one of
    /// this key may be there.
    package func isSigned(by key: NoteVerifierKey) -> Bool {
        let ours = signatures.filter { $0.name == key.name && $0.keyID == key.id }
        return !ours.isEmpty
            && ours.allSatisfy { key.verifies($0.bytes, over: Data(text.utf8)) }
    }
}
