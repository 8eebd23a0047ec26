import Crypto
import Foundation
import ReturnsDomain

/// Authenticated encryption of what belongs to one inspection or reference photo.
enum Seal {
    /// Seals bytes: nonce (12), ciphertext, tag (16), AES-256-GCM.
    ///
    /// - Parameter part: What it is of its owner, such as `photo-0`; the same word opens it.
    static func close(
        _ plain: Data, with key: SymmetricKey, for owner: SealOwner, part: String
    ) throws(CaseStoreError) -> Data {
        do {
            let box = try AES.GCM.seal(
                plain, using: key, authenticating: owner.associatedData(part))
            guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
            return combined
        } catch {
            throw owner.unsealable("sealing \(part) failed (\(error))")
        }
    }

    /// Opens what ``close(_:with:for:part:)`` made.
    ///
    /// - Throws: ``SealOwner/broken`` if bytes, key, owner or part differ.
    static func open(
        _ sealed: Data, with key: SymmetricKey, for owner: SealOwner, part: String
    ) throws(CaseStoreError) -> Data {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            return try AES.GCM.open(box, using: key, authenticating: owner.associatedData(part))
        } catch {
            throw owner.broken
        }
    }
}
