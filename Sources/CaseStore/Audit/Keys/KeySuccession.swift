/// The statement by which one signing key hands a log over to the next.
///
/// A checkpoint over the whole log as it is before the change, with two further lines, signed by
/// the key that ends:
///
///     signed so far by NAME+KEYID+BASE64
///     signed from here on by NAME+KEYID+BASE64
///
/// So the last thing a key signs is what it vouches for: whoever has its successor cannot rewrite
/// the entries before. Valid only if: it is a signed note of a checkpoint with just these two lines
/// more; both keys have the log's name; they differ; the first one signed it.
///
/// - SeeAlso: c2sp.org/tlog-checkpoint, where further lines are extensions.
struct KeySuccession: Hashable, Sendable {
    /// The log as the key that ends left it.
    let checkpoint: Checkpoint
    /// The key that ends.
    let from: NoteVerifierKey
    /// The key that follows.
    let to: NoteVerifierKey
    /// The signed note.
    let note: String

    private static let fromPrefix = "signed so far by "
    private static let toPrefix = "signed from here on by "

    /// Signs the hand-over from a signer's key to another.
    init(_ checkpoint: Checkpoint, by signer: NoteSigner, to next: NoteVerifierKey) throws {
        self.checkpoint = checkpoint
        from = signer.key
        to = next
        note = try signer.note(
            checkpoint.text + "\(Self.fromPrefix)\(from)\n\(Self.toPrefix)\(to)\n")
    }

    /// Reads a note; nil if it is not a valid statement.
    init?(_ note: String) {
        guard let signed = SignedNote(note), let checkpoint = Checkpoint(signed.text) else {
            return nil
        }
        let lines = signed.text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 6, let from = Self.key(lines[3], after: Self.fromPrefix),
            let to = Self.key(lines[4], after: Self.toPrefix), from != to,
            from.name == checkpoint.origin, to.name == checkpoint.origin,
            signed.isSigned(by: from)
        else { return nil }
        self.checkpoint = checkpoint
        self.from = from
        self.to = to
        self.note = note
    }

    private static func key(_ line: Substring, after prefix: String) -> NoteVerifierKey? {
        line.hasPrefix(prefix) ? NoteVerifierKey(String(line.dropFirst(prefix.count))) : nil
    }
}
