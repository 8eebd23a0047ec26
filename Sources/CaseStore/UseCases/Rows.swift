import Foundation
internal import GRDB
import ReturnsDomain

/// A moment from its column.
func timestamp(_ milliseconds: Int64) -> Timestamp {
    Timestamp(millisecondsSince1970: milliseconds)
}

/// Reads an identifier that this store wrote.
func identifier<Kind>(_ text: String, _ kind: Identifier<Kind>.Type) throws -> Identifier<Kind> {
    guard let identifier = Identifier<Kind>(text) else {
        throw CaseStoreError.databaseCorrupt(reason: "'\(text)' is no \(Kind.prefix) identifier")
    }
    return identifier
}

/// Reads a word of a closed list that this store wrote.
func word<Word: RawRepresentable>(
    _ text: String, _ type: Word.Type
) throws -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: text) else {
        throw CaseStoreError.databaseCorrupt(reason: "'\(text)' is no \(Word.self)")
    }
    return word
}

/// Reads a stored document from `inspection`, `document`, `auditSeq` and `hash`, and adds its place
/// in the audit log.
func storedAdjudication(from row: Row) throws -> Adjudication {
    let id = try identifier(row["inspection"], InspectionID.self)
    guard let document: Data = row["document"] else {
        throw CaseStoreError.inspectionErased(id)
    }
    var adjudication: Adjudication
    do {
        adjudication = try JSONDecoder().decode(Adjudication.self, from: document)
    } catch {
        throw CaseStoreError.documentUnreadable(id, reason: "\(error)")
    }
    guard let hash = ContentHash(row["hash"] as String) else {
        throw CaseStoreError.databaseCorrupt(reason: "audit entry without a hash")
    }
    adjudication.audit = AuditPosition(seq: row["auditSeq"], hash: hash)
    return adjudication
}
