/// What a backup holds.
public struct BackupReport: Codable, Hashable, Sendable {
    /// When the state that it holds was read; what came later is not in it.
    public let createdAt: Timestamp
    /// Bytes of the file.
    public let byteCount: Int64
    /// Kept photos in it.
    public let photoCount: Int
    /// Kept photos whose file was gone when it was to be copied: erased since, or lost.
    public let missingPhotoCount: Int
    /// SHA-256 of everything in it.
    public let sha256: String
    /// The last entry of every tenant's audit log.
    public let heads: [String: AuditPosition]

    /// Creates a report.
    public init(
        createdAt: Timestamp, byteCount: Int64, photoCount: Int, missingPhotoCount: Int,
        sha256: String, heads: [String: AuditPosition]
    ) {
        self.createdAt = createdAt
        self.byteCount = byteCount
        self.photoCount = photoCount
        self.missingPhotoCount = missingPhotoCount
        self.sha256 = sha256
        self.heads = heads
    }

    private enum CodingKeys: String, CodingKey {
        case sha256, heads
        case createdAt = "created_at"
        case byteCount = "bytes"
        case photoCount = "photos"
        case missingPhotoCount = "missing_photos"
    }
}

/// What a restore put in place.
public struct RestoreReport: Codable, Hashable, Sendable {
    /// The backup.
    public let backup: BackupReport
    /// Cases that were erased again, because tombstones name them.
    public let erasedAgain: Int
    /// Entries of the audit logs that were verified afterwards, all tenants together.
    public let verifiedEntries: Int64

    /// Creates a report.
    public init(backup: BackupReport, erasedAgain: Int, verifiedEntries: Int64) {
        self.backup = backup
        self.erasedAgain = erasedAgain
        self.verifiedEntries = verifiedEntries
    }

    private enum CodingKeys: String, CodingKey {
        case backup
        case erasedAgain = "erased_again"
        case verifiedEntries = "verified_entries"
    }
}

/// What a change of the signing key did.
public struct SigningKeyRotationReport: Codable, Hashable, Sendable {
    /// The public key that ended, as a line.
    public let from: String
    /// The public key that signs now, as a line.
    public let to: String
    /// How often the key of this log changed so far.
    public let changeCount: Int

    /// Creates a report.
    public init(from: String, to: String, changeCount: Int) {
        self.from = from
        self.to = to
        self.changeCount = changeCount
    }

    private enum CodingKeys: String, CodingKey {
        case from, to
        case changeCount = "changes"
    }
}

/// What a key rotation did.
public struct KeyRotationReport: Codable, Hashable, Sendable {
    /// The name of the wrapping key that holds now: the start of its SHA-256 in hex.
    public let key: String
    /// How many data keys were wrapped anew.
    public let rewrapped: Int

    /// Creates a report.
    public init(key: String, rewrapped: Int) {
        self.key = key
        self.rewrapped = rewrapped
    }
}
