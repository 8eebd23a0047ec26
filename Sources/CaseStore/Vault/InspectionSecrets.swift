import Crypto
import Foundation
import ReturnsDomain

/// The secrets of one inspection: a salt for its commitments and a key for what is sealed.
///
/// Destroying both erases the person: sealed text and photos cannot be opened, and the audit log's
/// commitments cannot be matched to guessed documents.
struct InspectionSecrets: Sendable {
    /// 32 random bytes, the HMAC key of the inspection's commitments.
    let salt: Data
    /// AES-256 key of the inspection's photos and texts.
    let dataKey: SymmetricKey

    /// Draws new secrets from the system's random numbers.
    static func random() -> InspectionSecrets {
        InspectionSecrets(
            salt: SymmetricKey(size: .bits256).bytes, dataKey: SymmetricKey(size: .bits256))
    }

    /// HMAC-SHA-256(salt, stored document), 32 bytes.
    func commitment(to document: Data) -> Data {
        Self.commitment(to: document, salt: salt)
    }

    /// HMAC-SHA-256(salt, stored document), 32 bytes.
    static func commitment(to document: Data, salt: Data) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: document, using: SymmetricKey(data: salt)))
    }
}

/// Wraps data keys with the key file's secret.
///
/// Wrapped form: 8 bytes naming the wrapping key (start of SHA-256 of it), 12 of nonce, 32 of
/// ciphertext, 16 of tag. AES-256-GCM with the tenant and the inspection as associated data, so
/// that a wrapped key cannot be moved to another inspection. Nonces are random: NIST SP 800-38D,
/// 8.3 allows 2^32 inspections under one wrapping key.
struct KeyWrapping: Sendable {
    let key: SymmetricKey
    /// Names the key that wraps: the start of its SHA-256, 8 bytes.
    let keyName: Data
    /// Keys by name that only unwrap, from before a rotation that is not complete.
    let keys: [Data: SymmetricKey]

    init(_ key: SymmetricKey, earlier: [SymmetricKey] = []) {
        self.key = key
        keyName = Self.name(of: key)
        keys = Dictionary(
            (earlier + [key]).map { (Self.name(of: $0), $0) }, uniquingKeysWith: { $1 })
    }

    /// Names a key: the start of its SHA-256, 8 bytes.
    static func name(of key: SymmetricKey) -> Data {
        Data(SHA256.hash(data: key.bytes)).prefix(8)
    }

    /// Whether data keys wrapped by the key of this name can be opened.
    func knows(_ name: Data) -> Bool { keys[name] != nil }

    /// Wraps a data key for the database.
    func wrap(_ dataKey: SymmetricKey, for owner: SealOwner) throws -> Data {
        try keyName + Seal.close(dataKey.bytes, with: key, for: owner, part: "data-key")
    }

    /// Opens a wrapped data key.
    ///
    /// - Throws: ``CaseStoreError/sealBroken(_:)`` if it was changed or wrapped by another key.
    func unwrap(_ wrapped: Data, for owner: SealOwner) throws(CaseStoreError) -> SymmetricKey {
        guard wrapped.count == 68, let key = keys[wrapped.prefix(8)] else {
            throw owner.broken
        }
        let opened = try Seal.open(
            Data(wrapped.dropFirst(8)), with: key, for: owner, part: "data-key")
        return SymmetricKey(data: opened)
    }
}
