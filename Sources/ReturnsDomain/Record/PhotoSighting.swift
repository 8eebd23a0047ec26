/// What tells a photo again: the hash of its bytes, and what it looks like.
public struct PhotoFingerprint: Hashable, Sendable {
    /// Position among the item's photos, from 0.
    public let index: Int
    /// SHA-256 of the bytes received.
    public let sha256: ContentHash
    /// A perceptual hash: the fewer of its bits differ, the more alike two photos are; nil if the
    /// photo shows nothing.
    public let look: UInt64?

    /// Creates a fingerprint.
    public init(index: Int, sha256: ContentHash, look: UInt64? = nil) {
        self.index = index
        self.sha256 = sha256
        self.look = look
    }
}

/// An earlier inspection with the same photo, or one that looks the same.
public struct PhotoSighting: Codable, Hashable, Sendable {
    /// Which photo was seen before, by its position among the item's photos, from 0.
    public let photo: Int
    /// Where it was seen.
    public let inspection: InspectionID
    /// When that was.
    public let seenAt: Timestamp
    /// How many of the 64 bits of the looks differ; nil if the bytes are the same.
    public let distance: Int?

    /// Creates a sighting.
    public init(photo: Int, inspection: InspectionID, seenAt: Timestamp, distance: Int?) {
        self.photo = photo
        self.inspection = inspection
        self.seenAt = seenAt
        self.distance = distance
    }

    private enum CodingKeys: String, CodingKey {
        case photo, inspection, distance
        case seenAt = "seen_at"
    }
}
