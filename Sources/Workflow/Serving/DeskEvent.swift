public import ReturnsDomain

/// What the inspection desk tells those who count.
public enum DeskEvent: Sendable {
    /// An inspection was recorded.
    case inspected(Adjudication)
    /// A photo was refused; the code says why.
    case photoRejected(code: String)
    /// An item was not treated in full.
    case shed(AdmissionLadder.Step)
    /// Something went wrong that nobody waits to hear of; never a customer's data.
    case trouble(String)
}

/// One item as a client submits it.
public struct Submission: Sendable {
    /// Whose it is.
    public let tenant: Tenant
    /// What the shop states.
    public let order: OrderData
    /// The photos in order.
    public let photos: [WaitingSubmission.Photo]
    /// The language asked for, a BCP 47 tag.
    public let locale: String
    /// Whether the client would rather be answered at once and ask later.
    public let prefersLater: Bool
    /// The client's name of the request.
    public let request: RequestKey
    /// SHA-256 over everything that was asked for.
    public let fingerprint: ContentHash

    /// Creates a submission.
    public init(
        tenant: Tenant, order: OrderData, photos: [WaitingSubmission.Photo], locale: String,
        prefersLater: Bool, request: RequestKey, fingerprint: ContentHash
    ) {
        self.tenant = tenant
        self.order = order
        self.photos = photos
        self.locale = locale
        self.prefersLater = prefersLater
        self.request = request
        self.fingerprint = fingerprint
    }
}

/// How the desk's results are worded; made by whoever speaks to the client.
public struct SubmissionWording: Sendable {
    /// The answer to an item that was inspected and recorded.
    public let recorded: @Sendable (Adjudication) throws -> StoredAnswer
    /// The answer to an item that will be inspected later.
    public let accepted: @Sendable (InspectionID) throws -> StoredAnswer
    /// The answer to an item that cannot be inspected; nil if trying again may help, so that
    /// nothing is to be kept.
    public let refused: @Sendable (Failure) -> StoredAnswer?

    /// Creates a wording.
    public init(
        recorded: @escaping @Sendable (Adjudication) throws -> StoredAnswer,
        accepted: @escaping @Sendable (InspectionID) throws -> StoredAnswer,
        refused: @escaping @Sendable (Failure) -> StoredAnswer?
    ) {
        self.recorded = recorded
        self.accepted = accepted
        self.refused = refused
    }
}

/// What became of a submission.
public enum SubmissionResult: Sendable {
    /// It was answered, now or, if replayed, the first time it was sent.
    case answered(StoredAnswer, isReplay: Bool)
    /// The same request is being worked on.
    case running
    /// The key was used for something else.
    case otherFingerprint
    /// What it created has been erased.
    case erased
}
