/// How much of a case is erased.
public enum ErasureScope: String, Codable, Sendable, CaseIterable {
    /// The kept photos.
    case photos
    /// The customer's statement and the reviewers' comments.
    case texts
    /// Everything that could lead to the person, with the secrets that the rest was sealed with.
    case wholeCase = "case"
}

/// Why something was erased.
public enum ErasureCause: String, Codable, Sendable {
    /// Someone asked for it.
    case request
    /// Its retention period was over.
    case retention
}

/// What an erasure removed; counts only, nothing of the person.
public struct ErasureReceipt: Codable, Hashable, Sendable {
    /// The name and version of this form.
    public static let schemaName = "regrade.erasure-receipt/1"

    /// How many of each kind were removed.
    public struct Removed: Codable, Hashable, Sendable {
        /// Photos' rows, with their hashes.
        public var photos = 0
        /// Files of kept photos.
        public var keptPhotos = 0
        /// Stored documents.
        public var documents = 0
        /// Lines of the review queue.
        public var queueLines = 0
        /// Outgoing events.
        public var events = 0
        /// Kept answers to requests of the HTTP service.
        public var answers = 0
        /// Results of batch runs, with the paths of their files.
        public var batchItems = 0
        /// Review tasks, with their decisions and comments.
        public var tasks = 0
        /// Reference photos of the order's own item, and those taken from the case.
        public var references = 0

        /// Nothing removed.
        public init() {}

        private enum CodingKeys: String, CodingKey {
            case photos, documents, events, answers, tasks, references
            case keptPhotos = "kept_photos"
            case queueLines = "queue_lines"
            case batchItems = "batch_items"
        }
    }

    /// The name and version of this form.
    public let schema: String
    /// Which case was erased.
    public let inspection: InspectionID
    /// When.
    public let erasedAt: Timestamp
    /// Why.
    public let cause: ErasureCause
    /// What is gone.
    public let removed: Removed
    /// The entry of the audit log that says so.
    public let audit: AuditPosition
    /// Whether every trace is gone from the files too; false if other processes held on to the
    /// database for too long, and then the next opening of the directory finishes it.
    public var isComplete: Bool

    /// Creates a receipt.
    public init(
        inspection: InspectionID, erasedAt: Timestamp, cause: ErasureCause, removed: Removed,
        audit: AuditPosition, isComplete: Bool = false
    ) {
        schema = Self.schemaName
        self.inspection = inspection
        self.erasedAt = erasedAt
        self.cause = cause
        self.removed = removed
        self.audit = audit
        self.isComplete = isComplete
    }

    private enum CodingKeys: String, CodingKey {
        case schema, inspection, cause, removed, audit
        case erasedAt = "erased_at"
        case isComplete = "complete"
    }
}

/// An order that a case be kept, whatever its retention period and whoever asks for erasure.
public struct LegalHold: Codable, Hashable, Sendable {
    /// Which case.
    public let inspection: InspectionID
    /// The operator's reference to the matter, such as a file number; no personal data.
    public let reference: String
    /// Since when.
    public let placedAt: Timestamp

    /// Creates a hold.
    public init(inspection: InspectionID, reference: String, placedAt: Timestamp) {
        self.inspection = inspection
        self.reference = reference
        self.placedAt = placedAt
    }

    private enum CodingKeys: String, CodingKey {
        case inspection, reference
        case placedAt = "placed_at"
    }
}
