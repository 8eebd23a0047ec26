/// What a log says of itself at one size: c2sp.org/tlog-checkpoint.
///
/// Three lines: the log's origin, the number of its entries in decimal, base64 of the Merkle root
/// over them.
package struct Checkpoint: Hashable, Sendable {
    /// Names the log.
    package let origin: String
    /// How many entries it is over.
    package let size: Int64
    /// The root over them.
    package let root: MerkleHash

    /// Creates a checkpoint.
    package init(origin: String, size: Int64, root: MerkleHash) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads the text of a note; nil if it is no checkpoint.
    ///
    /// Further lines are ignored.
    package init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last == "", !lines.dropLast().contains(""),
            let size = Int64(lines[1]), size >= 0, String(size) == lines[1],
            let root = MerkleHash(base64: String(lines[2]))
        else { return nil }
        origin = String(lines[0])
        self.size = size
        self.root = root
    }

    /// The text to sign.
    package var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }
}
