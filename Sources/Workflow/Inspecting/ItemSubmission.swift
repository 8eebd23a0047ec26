import CaseStore
public import ReturnsDomain

/// One item to inspect: its photos and what the shop states about it.
public struct ItemSubmission: Sendable, Hashable {
    /// The most photos one item may have; more says nothing new and costs time.
    public static let photoCountLimit = 12
    /// The most photos one item may have over all attempts.
    public static let photoCountLimitOfAllAttempts =
        photoCountLimit * (1 + CaseStore.attemptCountLimit)

    /// The photos, at least one.
    public let photos: [SubmittedPhoto]
    /// What the shop states.
    public let order: OrderData
    /// Usable photos of earlier attempts, which count as well; see ``NextAttempt``.
    public var earlierPhotos: [EarlierPhoto] = []
    /// The index of the first of ``photos``; 0 unless there were earlier attempts.
    public var firstPhotoIndex = 0

    /// Creates a submission.
    public init(photos: [SubmittedPhoto], order: OrderData) {
        self.photos = photos
        self.order = order
    }
}

/// A photo of an earlier attempt as it was kept.
public struct EarlierPhoto: Sendable, Hashable {
    /// Its position among the item's photos.
    public let index: Int
    /// SHA-256 of the bytes that were received.
    public let sha256: ContentHash
    /// Which side it shows.
    public let view: PhotoView
    /// The kept bytes, metadata cut.
    public let bytes: [UInt8]

    /// Names a kept photo.
    public init(index: Int, sha256: ContentHash, view: PhotoView, bytes: [UInt8]) {
        self.index = index
        self.sha256 = sha256
        self.view = view
        self.bytes = bytes
    }
}

/// One photo with its role: a file, or bytes that are at hand.
public struct SubmittedPhoto: Sendable, Hashable {
    /// Where the file lies; empty for bytes at hand.
    public let path: String
    /// Which side it shows.
    public let view: PhotoView
    /// The whole file, if it is at hand; nil if it is to be read from ``path``.
    public let bytes: [UInt8]?
    /// SHA-256 of ``bytes``, if it is known already.
    public let sha256: ContentHash?

    /// Names a photo on disk.
    public init(path: String, view: PhotoView) {
        self.path = path
        self.view = view
        bytes = nil
        sha256 = nil
    }

    /// Hands over a photo's bytes.
    public init(bytes: [UInt8], view: PhotoView, sha256: ContentHash? = nil) {
        path = ""
        self.view = view
        self.bytes = bytes
        self.sha256 = sha256
    }
}

/// What an inspection keeps to besides the settings; what is nil is as set.
public struct InspectionTerms: Sendable, Hashable {
    /// The id it gets, where it was told to someone before.
    public var id: InspectionID?
    /// The language of its rationale, a BCP 47 tag.
    public var locale: String?
    /// When nobody waits for it any more; it is then not started.
    public var deadline: ContinuousClock.Instant?

    /// Creates terms.
    public init(
        id: InspectionID? = nil, locale: String? = nil, deadline: ContinuousClock.Instant? = nil
    ) {
        self.id = id
        self.locale = locale
        self.deadline = deadline
    }
}
