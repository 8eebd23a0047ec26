import Foundation
import ReturnsDomain

/// The promise that something of a case stays erased: one line of `tombstones.jsonl`.
///
/// It names the case by its id and says nothing of the person.
struct Tombstone: Codable, Hashable, Sendable {
    let at: Timestamp
    let cause: ErasureCause
    let inspection: InspectionID
    let scope: ErasureScope
    let tenant: String
    /// The API key that asked for it; nil for whoever runs the command line, and for retention.
    var key: APIKeyID?
    /// The reference photos that go with the case, so that they go too where a restored backup does
    /// not know the case; nil if there are none.
    var references: [ReferencePhotoID]?
}

/// The promise that reference photos stay removed, where they did not go with a case.
struct ReferenceTombstone: Codable, Hashable, Sendable {
    let at: Timestamp
    let references: [ReferencePhotoID]
    let tenant: String
}

/// One line of `tombstones.jsonl`: that of a case names it.
enum TombstoneLine: Codable, Hashable, Sendable {
    case ofCase(Tombstone)
    case ofReferences(ReferenceTombstone)

    /// Whose it is.
    var tenant: String {
        switch self {
        case .ofCase(let tombstone): tombstone.tenant
        case .ofReferences(let tombstone): tombstone.tenant
        }
    }

    private enum CodingKeys: CodingKey { case inspection }

    init(from decoder: any Decoder) throws {
        self =
            try decoder.container(keyedBy: CodingKeys.self).contains(.inspection)
            ? .ofCase(Tombstone(from: decoder)) : .ofReferences(ReferenceTombstone(from: decoder))
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .ofCase(let tombstone): try tombstone.encode(to: encoder)
        case .ofReferences(let tombstone): try tombstone.encode(to: encoder)
        }
    }
}

/// The file of all tombstones, `tombstones.jsonl`, held under its lock.
///
/// A tombstone is on the disk before the transaction that erases. Whoever opens the data directory
/// applies those that the database has not seen: after a crash between the two, and after a backup
/// from before the erasure was restored. So the file belongs to the directory, never to a backup.
/// It only grows; a line is about 150 bytes.
///
/// Holding this object is holding the role of the eraser: one process at a time.
struct TombstoneFile {
    private var file: ExportedFile
    private let url: URL
    private let lock: FileDescriptor

    /// Takes the role, then repairs what a crash tore.
    ///
    /// - Parameter waits: Whether to wait for another process that has the role; nil is returned
    ///   otherwise.
    init?(in directory: DataDirectory, waits: Bool) throws(CaseStoreError) {
        url = directory.tombstones
        lock = try FileSystem.open(url, O_RDWR | O_CREAT)
        guard try lock.lock(waits: waits) else { return nil }
        file = try ExportedFile(repairing: url)
    }

    /// How many bytes of whole lines there are.
    var byteCount: Int64 { file.byteCount }

    /// Adds tombstones, durably.
    mutating func append(_ tombstones: [TombstoneLine]) throws(CaseStoreError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = Data()
        do {
            for tombstone in tombstones { lines += try encoder.encode(tombstone) + Data([10]) }
        } catch {
            throw .tombstonesUnreadable(path: url.path, reason: "\(error)")
        }
        try file.append(lines)
    }

    /// Walks through the tombstones that stand after an offset, in groups.
    ///
    /// `body` is called with up to `count` of them and with the offset after them.
    func forEachGroup(
        after offset: Int64, count: Int, _ body: ([TombstoneLine], Int64) throws -> Void
    ) throws {
        var reader = try LineReader(url, byteCount: byteCount)
        var group: [TombstoneLine] = []
        var end: Int64 = 0
        while let line = try reader.next() {
            end += Int64(line.bytes.count) + 1
            guard end > offset else { continue }
            do {
                group.append(try JSONDecoder().decode(TombstoneLine.self, from: line.bytes))
            } catch {
                // Skipping one would bring a person back without a word.
                throw CaseStoreError.tombstonesUnreadable(
                    path: url.path, reason: "the line that ends at byte \(end) is no tombstone")
            }
            if group.count == count {
                try body(group, end)
                group = []
            }
        }
        if !group.isEmpty { try body(group, end) }
    }
}
