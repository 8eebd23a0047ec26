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

/// One photo on disk with its role.
public struct SubmittedPhoto: Sendable, Hashable {
    /// Where the file lies.
    public let path: String
    /// Which side it shows.
    public let view: PhotoView

    /// Names a photo.
    public init(path: String, view: PhotoView) {
        self.path = path
        self.view = view
    }
}
