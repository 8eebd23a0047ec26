public import Foundation

/// Everything that one inspection leaves behind; recorded in one durable transaction.
public struct InspectionRecord: Sendable {
    /// What was decided, in its stored form.
    public let adjudication: Adjudication
    /// What the customer wrote, kept apart from the document; personal data.
    public let statement: String?
    /// The version of the notice the customer agreed to.
    public let consent: String?
    /// The photos, in the order of their index.
    public let photos: [ReceivedPhoto]
    /// The open question for a person, if the outcome is `human_review`.
    public let reviewTask: ReviewTaskDraft?
    /// The batch item this inspection answers, if it came from `regrade batch`.
    public let batchItem: BatchItem?
    /// SHA-256 of the calibration's file; the model's and the policy's are in the adjudication.
    public let calibrationSHA256: ContentHash?

    /// Creates a record.
    public init(
        adjudication: Adjudication, statement: String?, consent: String?, photos: [ReceivedPhoto],
        reviewTask: ReviewTaskDraft?, batchItem: BatchItem? = nil,
        calibrationSHA256: ContentHash? = nil
    ) {
        self.adjudication = adjudication
        self.statement = statement
        self.consent = consent
        self.photos = photos
        self.reviewTask = reviewTask
        self.batchItem = batchItem
        self.calibrationSHA256 = calibrationSHA256
    }
}

/// One photo as received, with the bytes to keep.
public struct ReceivedPhoto: Sendable {
    /// Position among the item's photos, from 0.
    public let index: Int
    /// SHA-256 of the bytes received.
    public let sha256: ContentHash
    /// How many bytes were received.
    public let byteCount: Int
    /// Which side the sender says it shows.
    public let view: PhotoView
    /// `jpeg` or `png`.
    public let format: String
    /// Width of the upright photo at full size, in pixels.
    public let width: Int
    /// Height of the upright photo at full size, in pixels.
    public let height: Int
    /// Codes of the metadata that was cut, such as `gps`; never their values.
    public let removedMetadata: [String]
    /// Codes of what the metadata say of editing, such as `editing_software`; never their values.
    public let metadataSigns: [String]
    /// The bytes to keep, metadata cut; nil if photos are not kept.
    public let keptBytes: Data?
    /// What it looks like, see ``PhotoFingerprint/look``.
    public let look: UInt64?

    /// What tells it again.
    public var fingerprint: PhotoFingerprint {
        PhotoFingerprint(index: index, sha256: sha256, look: look)
    }

    /// Creates a received photo.
    public init(
        index: Int, sha256: ContentHash, byteCount: Int, view: PhotoView, format: String,
        width: Int, height: Int, removedMetadata: [String], metadataSigns: [String] = [],
        keptBytes: Data?, look: UInt64? = nil
    ) {
        self.index = index
        self.sha256 = sha256
        self.byteCount = byteCount
        self.view = view
        self.format = format
        self.width = width
        self.height = height
        self.removedMetadata = removedMetadata
        self.metadataSigns = metadataSigns
        self.keptBytes = keptBytes
        self.look = look
    }
}

/// An inspection after its transaction is durable.
public struct RecordedInspection: Hashable, Sendable {
    /// Which inspection.
    public let id: InspectionID
    /// Where the audit log commits to it.
    public let audit: AuditPosition
    /// The review task that was opened, if any.
    public let reviewTask: ReviewTaskID?

    /// Creates a receipt of a recorded inspection.
    public init(id: InspectionID, audit: AuditPosition, reviewTask: ReviewTaskID?) {
        self.id = id
        self.audit = audit
        self.reviewTask = reviewTask
    }
}
