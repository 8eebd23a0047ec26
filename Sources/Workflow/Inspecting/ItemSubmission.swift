public import ReturnsDomain

/// One item to inspect: its photos and what the shop states about it.
public struct ItemSubmission: Sendable, Hashable {
    /// The most photos one item may have; more says nothing new and costs time.
    public static let photoCountLimit = 12

    /// The photos, at least one.
    public let photos: [SubmittedPhoto]
    /// What the shop states.
    public let order: OrderData

    /// Creates a submission.
    public init(photos: [SubmittedPhoto], order: OrderData) {
        self.photos = photos
        self.order = order
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

    /// Names a photo on disk.
    public init(path: String, view: PhotoView) {
        self.path = path
        self.view = view
        bytes = nil
    }

    /// Hands over a photo's bytes.
    public init(bytes: [UInt8], view: PhotoView) {
        path = ""
        self.view = view
        self.bytes = bytes
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
