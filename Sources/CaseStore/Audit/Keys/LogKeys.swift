import Crypto
import Foundation
import ReturnsDomain

/// What signs the audit logs of a data directory, and what their checkpoints are verified with.
///
/// A log keeps the name it got from its first key, so that a witness knows it after a change of
/// keys; its keys differ by their numbers.
struct LogKeys: Sendable {
    private let secret: SymmetricKey
    /// How the logs came to it.
    let history: SigningHistory

    init(_ secret: SymmetricKey, history: SigningHistory) {
        self.secret = secret
        self.history = history
    }

    /// Signs for one tenant's log.
    func signer(of tenant: Tenant) throws -> NoteSigner {
        guard let last = history.successions(of: tenant).last else {
            return try NoteSigner(firstOf: tenant, key: secret)
        }
        return try NoteSigner(name: last.to.name, secret: secret.bytes)
    }

    /// Every key that ever signed one tenant's log, the oldest first; at least one.
    func publicKeys(of tenant: Tenant) throws -> [NoteVerifierKey] {
        let successions = history.successions(of: tenant)
        return try successions.map(\.from) + [signer(of: tenant).key]
    }

    /// How the log came from its first key to the present one.
    func successions(of tenant: Tenant) -> [KeySuccession] { history.successions(of: tenant) }

    /// The lines of `public-key.txt`.
    func publicKeyFile(of tenant: Tenant) throws -> Data {
        Data(try publicKeys(of: tenant).map { "\($0)\n" }.joined().utf8)
    }
}

extension NoteSigner {
    /// Signs for a tenant's log with its first key.
    ///
    /// The log's name holds the start of the key's SHA-256, so that two data directories never
    /// sign under one name.
    init(firstOf tenant: Tenant, key: SymmetricKey) throws {
        let secret = try Curve25519.Signing.PrivateKey(rawRepresentation: key.bytes)
        let digest = SHA256.hash(data: secret.publicKey.rawRepresentation)
        let fingerprint = hexadecimal(Array(digest.prefix(8)))
        try self.init(name: "regrade-audit/\(tenant)/\(fingerprint)", secret: key.bytes)
    }
}

extension SymmetricKey {
    /// The public key of an Ed25519 seed, 32 bytes (RFC 8032).
    func publicSigningKey() throws -> Data {
        try Curve25519.Signing.PrivateKey(rawRepresentation: bytes).publicKey.rawRepresentation
    }
}
