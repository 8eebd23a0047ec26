import Crypto
public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The most bytes of a bank.
    public static let referenceBankByteCountLimit = 1_048_576

    /// The bank of a product's view, as it was kept; nil if none was made of the present photos.
    ///
    /// - Parameters:
    ///   - sku: The product.
    ///   - view: The side.
    ///   - featureVersion: What made the features.
    ///   - version: The version of the product's references that it must be of.
    public func referenceBank(
        of sku: String, view: PhotoView, featureVersion: String, version: Int
    ) async throws(CaseStoreError) -> Data? {
        let (tenant, wrapping, vault) = (tenant, wrapping, vault)
        let found: (id: String, name: String, wrappedKey: Data)? = try await read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT id, keptName, wrappedDataKey FROM referenceBank
                    WHERE tenant = ? AND sku = ? AND view = ? AND featureVersion = ?
                      AND version = ?
                    """,
                arguments: [tenant.description, sku, view.rawValue, featureVersion, version]
            ).map { ($0["id"], $0["keptName"], $0["wrappedDataKey"]) }
        }
        guard let found else { return nil }
        let owner = SealOwner(tenant: tenant, bankFile: found.id)
        do {
            return try await photoWork.run {
                guard let bytes = try vault.sealedBytes(named: found.name) else { return nil }
                let key = try wrapping.unwrap(found.wrappedKey, for: owner)
                return try Seal.open(bytes, with: key, for: owner, part: "bank")
            }
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// Keeps a bank in the place of older ones of its view, unless the photos changed meanwhile.
    ///
    /// Not audited: a bank holds nothing that its photos do not, and goes when one of them goes.
    ///
    /// - Parameters:
    ///   - bytes: At most ``referenceBankByteCountLimit``.
    ///   - version: The version of the product's references that it was made of.
    ///   - photoCount: How many photos it was made of.
    ///   - scoreRatios: What it lends to banks of fewer photos; finite.
    /// - Throws: ``ReferenceStoreError/invalid(reason:)`` if it is too long.
    public func keepReferenceBank(
        _ bytes: Data, of sku: String, view: PhotoView, featureVersion: String, version: Int,
        photoCount: Int, scoreRatios: [Double] = []
    ) async throws(CaseStoreError) {
        guard bytes.count <= Self.referenceBankByteCountLimit else {
            throw .reference(
                .invalid(
                    reason: "the bank has \(bytes.count) bytes, more than the limit of "
                        + "\(Self.referenceBankByteCountLimit)"))
        }
        let (tenant, wrapping, vault) = (tenant, wrapping, vault)
        let name = PhotoVault.names(count: 1)[0]
        let owner = SealOwner(tenant: tenant, bankFile: name)
        let (wrappedKey, group): (Data, PhotoVault.Group)
        let ratios: Data
        do {
            ratios = try JSONEncoder().encode(scoreRatios)
            (wrappedKey, group) = try await photoWork.run {
                let key = SymmetricKey(size: .bits256)
                let sealed = try Seal.close(bytes, with: key, for: owner, part: "bank")
                return (
                    try wrapping.wrap(key, for: owner),
                    try vault.write([PhotoVault.SealedPhoto(name: name, bytes: sealed)])
                )
            }
        } catch {
            throw CaseStoreError(error)
        }
        let replaced: [String]?
        do {
            replaced = try await write { transaction in
                let current = try Int.fetchOne(
                    transaction.db,
                    sql: "SELECT version FROM referenceProduct WHERE tenant = ? AND sku = ?",
                    arguments: [tenant.description, sku])
                guard current == version else { return nil }
                let replaced = try String.fetchAll(
                    transaction.db,
                    sql: """
                        DELETE FROM referenceBank WHERE tenant = ? AND sku = ? AND view = ?
                          AND (featureVersion = ? OR version < ?) RETURNING keptName
                        """,
                    arguments: [
                        tenant.description, sku, view.rawValue, featureVersion, version,
                    ])
                try transaction.execute(
                    """
                    INSERT INTO referenceBank (tenant, id, sku, view, featureVersion, version,
                      photoCount, scoreRatios, keptName, keptByteCount, wrappedDataKey, madeAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    [
                        name, sku, view.rawValue, featureVersion, version, photoCount, ratios,
                        name, bytes.count, wrappedKey, transaction.now.millisecondsSince1970,
                    ])
                return replaced
            }
        } catch {
            if !error.leavesCommitUncertain { await discard(group) }
            throw error
        }
        guard let replaced else { return await discard(group) }
        // What cannot be removed now cannot be read any more: its key went with its row.
        try? await photoWork.run {
            vault.keep(group)
            vault.discardReplaced(replaced)
        }
    }

    /// What the ``referencePoolBankCount`` banks made last lend to those with fewer photos.
    ///
    /// - Parameter featureVersion: What made the features.
    public func referenceScoreRatios(
        featureVersion: String
    ) async throws(CaseStoreError) -> [Double] {
        let tenant = tenant
        return try await read { db in
            // By rows, from the last one on: any index would have all banks sorted first.
            let rows = try Data.fetchAll(
                db,
                sql: """
                    SELECT scoreRatios FROM referenceBank NOT INDEXED
                    WHERE tenant = ? AND featureVersion = ? ORDER BY rowid DESC LIMIT ?
                    """,
                arguments: [
                    tenant.description, featureVersion, Self.referencePoolBankCount,
                ])
            return try rows.flatMap { try JSONDecoder().decode([Double].self, from: $0) }
        }
    }

    /// How many banks lend to others at once.
    static let referencePoolBankCount = 500
}
