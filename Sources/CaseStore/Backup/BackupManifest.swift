import Foundation
import ReturnsDomain

/// The last file of a backup, `manifest.json`: what the backup holds and how to check it.
struct BackupManifest: Codable, Hashable, Sendable {
    static let schemaName = "regrade.backup/1"
    static let entryName = "manifest.json"
    /// Far above every manifest that is written.
    static let byteCountLimit: Int64 = 1 << 20

    var schema = Self.schemaName
    /// When the state that it holds was read.
    let createdAt: Timestamp
    /// `user_version` of the database.
    let databaseVersion: Int
    /// SHA-256 of the database file.
    let databaseSHA256: String
    /// Files of kept photos in it.
    let photoCount: Int
    /// Kept photos whose file was gone when it was to be copied: erased since, or lost.
    let missingPhotoCount: Int
    /// Bytes of the archive before this file's header.
    let byteCount: Int64
    /// SHA-256 of those bytes.
    let sha256: String
    /// Names of the wrapping keys without which photos and texts in it cannot be opened.
    let wrappingKeys: [String]
    /// The last entry of every tenant's audit log.
    let heads: [String: AuditPosition]

    private enum CodingKeys: String, CodingKey {
        case schema, sha256, heads
        case createdAt = "created_at"
        case databaseVersion = "database_version"
        case databaseSHA256 = "database_sha256"
        case photoCount = "photos"
        case missingPhotoCount = "missing_photos"
        case byteCount = "bytes"
        case wrappingKeys = "wrapping_keys"
    }
}
