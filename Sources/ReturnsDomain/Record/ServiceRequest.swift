public import Foundation

/// What a client calls one attempt to create something, so that trying again is safe.
///
/// - SeeAlso: IETF draft-ietf-httpapi-idempotency-key-header.
public struct RequestKey: Hashable, Sendable {
    /// The route, such as `POST /v1/inspections`; the same key on another route is another key.
    public let route: String
    /// The client's word, 1…``byteCountLimit`` bytes.
    public let key: String

    /// The longest key accepted: four times a UUID with room for a prefix.
    public static let byteCountLimit = 200

    /// Names a request.
    public init(route: String, key: String) {
        self.route = route
        self.key = key
    }
}

/// An answer as it was given, to be given again word for word.
public struct StoredAnswer: Hashable, Sendable {
    /// The HTTP status.
    public let status: Int
    /// The headers that belong to the answer itself, by their names in lower case.
    public let headers: [String: String]
    /// The body's bytes.
    public let body: Data

    /// Keeps an answer.
    public init(status: Int, headers: [String: String], body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What the record knows of a request when it arrives.
public enum RequestStart: Hashable, Sendable {
    /// It is new, and from now on known to be running.
    case started
    /// The same request is being worked on.
    case running
    /// It was answered.
    case completed(StoredAnswer)
    /// The key was used for something else.
    case otherFingerprint
    /// What it created has been erased.
    case erased
}

/// A submission that was accepted and is durable, and that nobody has inspected yet.
public struct WaitingSubmission: Sendable {
    /// The inspection it will become.
    public let id: InspectionID
    /// Whose it is.
    public let tenant: Tenant
    /// What the shop stated.
    public let order: OrderData
    /// The photos in order, as received.
    public let photos: [Photo]
    /// The language of the rationale, a BCP 47 tag.
    public let locale: String

    /// One photo.
    public struct Photo: Hashable, Sendable {
        /// Which side it shows.
        public let view: PhotoView
        /// The bytes received.
        public let bytes: [UInt8]
        /// Their SHA-256.
        public let sha256: ContentHash

        /// Creates a photo.
        public init(view: PhotoView, bytes: [UInt8], sha256: ContentHash) {
            self.view = view
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// Creates a submission.
    public init(
        id: InspectionID, tenant: Tenant, order: OrderData, photos: [Photo], locale: String
    ) {
        self.id = id
        self.tenant = tenant
        self.order = order
        self.photos = photos
        self.locale = locale
    }
}

/// Where an inspection stands.
public enum InspectionStanding: Sendable {
    /// It was accepted and waits to be inspected.
    case waiting(since: Timestamp)
    /// It could not be inspected; `code` and `message` say why.
    case failed(since: Timestamp, code: String, message: String)
    /// It has an adjudication; the last one stands.
    case adjudicated(Adjudication)
    /// A person asked for its erasure.
    case erased
}

/// One outgoing event.
public struct OutgoingEvent: Hashable, Sendable {
    /// Its number among the tenant's events, from 1, without gaps.
    public let seq: Int64
    /// Its name.
    public let id: EventID
    /// Its type, such as `regrade.inspection.decided.v1`.
    public let type: String
    /// The CloudEvents 1.0 document, JSON.
    public let body: Data

    /// Creates an event.
    public init(seq: Int64, id: EventID, type: String, body: Data) {
        self.seq = seq
        self.id = id
        self.type = type
        self.body = body
    }
}

/// What another attempt at an inspection starts from, after other photos were asked for.
public struct NextAttempt: Sendable {
    /// Which attempt it will be, from 2.
    public let number: Int
    /// The index of its first photo; those before have the lower ones.
    public let firstPhotoIndex: Int
    /// The adjudication that asks for other photos.
    public let standing: Adjudication

    /// Creates a starting point.
    public init(number: Int, firstPhotoIndex: Int, standing: Adjudication) {
        self.number = number
        self.firstPhotoIndex = firstPhotoIndex
        self.standing = standing
    }
}
