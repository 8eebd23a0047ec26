import Foundation
import ReturnsDomain

/// Every hand-over from one signing key to the next: the file `keys/signing-history.jsonl`.
///
/// One line of canonical JSON each, `{"statement":NOTE,"tenant":NAME}`, a tenant's in their order.
/// It holds nothing secret, but lies with the keys because it belongs to the directory and not to
/// the record: a restored older backup does not know of a later change, and its logs are told.
/// Replaced as a whole, so that a change holds for all logs or for none. Valid only if every
/// statement is and each begins with the key the one before it ends with.
struct SigningHistory: Sendable {
    private var successions: [Tenant: [KeySuccession]] = [:]
    private var lines = Data()
    private var path = ""

    /// No change yet.
    init() {}

    /// Reads the file; one that does not exist is empty.
    init(_ file: URL) throws {
        path = file.path
        guard let bytes = try FileSystem.contents(file) else { return }
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            number += 1
            guard let json = CanonicalJSON(parsing: Data(line)),
                json.names == ["statement", "tenant"],
                let tenant = json["tenant"]?.text.flatMap({ Tenant($0) }),
                let succession = json["statement"]?.text.flatMap({ KeySuccession($0) }),
                append(succession, of: tenant)
            else {
                throw CaseStoreError.signingHistoryInvalid(
                    path: file.path, reason: "line \(number) is not a change of keys that follows")
            }
        }
    }

    /// The tenants whose log changed its key.
    var tenants: [Tenant] { successions.keys.sorted { $0.description < $1.description } }

    /// One log's changes in their order.
    func successions(of tenant: Tenant) -> [KeySuccession] { successions[tenant] ?? [] }

    /// The public key that every log was signed over to last; nil before the first change.
    ///
    /// - Throws: ``CaseStoreError/signingHistoryInvalid(path:reason:)`` if logs disagree.
    func lastKey() throws -> Data? {
        let keys = Set(successions.values.compactMap { $0.last?.to.publicKey })
        guard keys.count <= 1 else {
            throw CaseStoreError.signingHistoryInvalid(
                path: path, reason: "its logs end with different keys")
        }
        return keys.first
    }

    /// Adds the next change of a log.
    ///
    /// - Returns: False if it does not follow the one before.
    mutating func append(_ succession: KeySuccession, of tenant: Tenant) -> Bool {
        if let last = successions[tenant]?.last, last.to != succession.from { return false }
        successions[tenant, default: []].append(succession)
        let line = CanonicalJSON.object([
            "statement": .string(succession.note), "tenant": .string(tenant.description),
        ])
        lines += line.bytes + Data("\n".utf8)
        return true
    }

    /// Puts it in the place of the file, durably and at once.
    func write(to file: URL) throws { try FileSystem.replace(file, with: lines) }
}
