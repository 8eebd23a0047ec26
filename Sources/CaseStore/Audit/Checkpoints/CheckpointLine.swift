import Foundation

/// A line of `checkpoints.jsonl`: canonical JSON of the signed note and the checkpoint's number.
struct CheckpointLine {
    /// 1, 2, 3, … without gaps.
    let seq: Int64
    /// The signed note.
    let note: String

    init(seq: Int64, note: String) {
        self.seq = seq
        self.note = note
    }

    /// Reads a line without its newline; nil if it is not one.
    init?(_ bytes: Data) {
        guard case .members(let members)? = CanonicalJSON(parsing: bytes),
            members.map(\.name) == ["note", "seq"], let note = members[0].value.text,
            let seq = members[1].value.number
        else { return nil }
        self.init(seq: seq, note: note)
    }

    /// The line without its newline.
    var bytes: Data {
        CanonicalJSON.object(["note": .string(note), "seq": .integer(seq)]).bytes
    }
}
