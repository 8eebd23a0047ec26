import HTTPTypes

/// The stable words for what can go wrong, each with one status and one page at `/problems/CODE`.
///
/// A code is never renamed or given another meaning. Codes of photos are those of `Imaging`.
enum ProblemCode: String, CaseIterable, Sendable {
    // MARK: 400, the request is malformed

    case malformedRequest = "malformed_request"
    case malformedJSON = "malformed_json"
    case malformedMultipart = "malformed_multipart"
    case orderDataInvalid = "order_data_invalid"
    case photoMissing = "photo_missing"
    case queryInvalid = "query_invalid"
    case idempotencyKeyMissing = "idempotency_key_missing"
    case idempotencyKeyInvalid = "idempotency_key_invalid"

    // MARK: 401 to 410

    case notSignedIn = "not_signed_in"
    case scopeMissing = "scope_missing"
    case notFound = "not_found"
    case inspectionNotFound = "inspection_not_found"
    case photoNotKept = "photo_not_kept"
    case taskNotFound = "task_not_found"
    case webhookEndpointNotFound = "webhook_endpoint_not_found"
    case referenceNotFound = "reference_not_found"
    case problemUnknown = "problem_unknown"
    case methodNotAllowed = "method_not_allowed"
    case notAcceptable = "not_acceptable"
    case slowBody = "slow_body"
    case requestRunning = "request_running"
    case leaseLost = "lease_lost"
    case alreadyDecided = "already_decided"
    case inspectionRunning = "inspection_running"
    case inspectionFailed = "inspection_failed"
    case reviewPending = "review_pending"
    case appealLimitReached = "appeal_limit_reached"
    case retakeNotAsked = "retake_not_asked"
    case attemptLimitReached = "attempt_limit_reached"
    case earlierPhotosGone = "earlier_photos_gone"
    case legalHold = "legal_hold"
    case undoRefused = "undo_refused"
    case webhookEndpointExists = "webhook_endpoint_exists"
    case referenceExists = "reference_exists"
    case referenceNotResold = "reference_not_resold"
    case erased

    // MARK: 413 and 415, too large and unsupported

    case bodyTooLarge = "body_too_large"
    case orderDataTooLarge = "order_data_too_large"
    case tooManyPhotos = "too_many_photos"
    case photoTooLarge = "photo_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case unsupportedFormat = "unsupported_format"
    case unsupportedEncoding = "unsupported_encoding"

    // MARK: 422, understood but not usable

    case idempotencyKeyReused = "idempotency_key_reused"
    case photoEmpty = "photo_empty"
    case photoUndecodable = "photo_undecodable"
    case photoTruncated = "photo_truncated"
    case tooManyPixels = "too_many_pixels"
    case tooManyInterlacedPixels = "too_many_interlaced_pixels"
    case sideTooLong = "side_too_long"
    case tooManyScans = "too_many_scans"
    case tooManyFrames = "too_many_frames"
    case metadataTooLarge = "metadata_too_large"
    case decoderMemoryLimit = "decoder_memory_limit"
    case decodingDeadline = "decoding_deadline"
    case decoderFailed = "decoder_failed"
    case reviewerUnknown = "reviewer_unknown"
    case outcomeInvalid = "outcome_invalid"
    case reasonInvalid = "reason_invalid"
    case commentTooLong = "comment_too_long"
    case webhookURLRefused = "webhook_url_refused"
    case webhookEventTypeUnknown = "webhook_event_type_unknown"
    case webhookDescriptionInvalid = "webhook_description_invalid"
    case webhookReplayTooLong = "webhook_replay_too_long"
    case tooManyWebhookEndpoints = "too_many_webhook_endpoints"
    case referencePhotoUnfit = "reference_photo_unfit"
    case referenceRoleInvalid = "reference_role_invalid"
    case referenceSKUDiffers = "reference_sku_differs"
    case tooManyReferences = "too_many_references"

    // MARK: 429 and 5xx, not now

    case rateLimited = "rate_limited"
    case overloaded
    case internalError = "internal_error"
    case notReady = "not_ready"
    case recordUnavailable = "record_unavailable"
    case stopping
    case processingDeadline = "processing_deadline"
    case diskFull = "disk_full"
}

extension ProblemCode {
    /// The status that answers carry.
    var status: HTTPResponse.Status {
        switch self {
        case .malformedRequest, .malformedJSON, .malformedMultipart, .orderDataInvalid,
            .photoMissing, .queryInvalid, .idempotencyKeyMissing, .idempotencyKeyInvalid:
            .badRequest
        case .notSignedIn: .unauthorized
        case .scopeMissing: .forbidden
        case .notFound, .inspectionNotFound, .photoNotKept, .taskNotFound,
            .webhookEndpointNotFound, .referenceNotFound, .problemUnknown:
            .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .slowBody: .requestTimeout
        case .requestRunning, .leaseLost, .alreadyDecided, .inspectionRunning, .inspectionFailed,
            .reviewPending, .appealLimitReached, .retakeNotAsked, .attemptLimitReached,
            .earlierPhotosGone, .legalHold, .undoRefused, .webhookEndpointExists,
            .referenceExists, .referenceNotResold:
            .conflict
        case .erased: .gone
        case .bodyTooLarge, .orderDataTooLarge, .tooManyPhotos, .photoTooLarge: .contentTooLarge
        case .unsupportedMediaType, .unsupportedFormat, .unsupportedEncoding:
            .unsupportedMediaType
        case .idempotencyKeyReused, .photoEmpty, .photoUndecodable, .photoTruncated,
            .tooManyPixels, .tooManyInterlacedPixels, .sideTooLong, .tooManyScans, .tooManyFrames,
            .metadataTooLarge, .decoderMemoryLimit, .decodingDeadline, .decoderFailed,
            .reviewerUnknown, .outcomeInvalid, .reasonInvalid, .commentTooLong, .webhookURLRefused,
            .webhookEventTypeUnknown, .webhookDescriptionInvalid, .webhookReplayTooLong,
            .tooManyWebhookEndpoints, .referencePhotoUnfit, .referenceRoleInvalid,
            .referenceSKUDiffers, .tooManyReferences:
            .unprocessableContent
        case .rateLimited, .overloaded: .tooManyRequests
        case .internalError: .internalServerError
        case .notReady, .recordUnavailable, .stopping: .serviceUnavailable
        case .processingDeadline: .gatewayTimeout
        case .diskFull: .init(code: 507, reasonPhrase: "Insufficient Storage")
        }
    }

    /// Seconds after which trying again makes sense; nil where it does not by itself.
    var retryAfterSeconds: Int? {
        switch self {
        case .requestRunning, .overloaded, .inspectionRunning: 2
        case .notReady, .recordUnavailable, .stopping, .processingDeadline: 5
        case .diskFull: 60
        default: nil
        }
    }

    /// Whether the sentence of a failure with this code is meant for whoever sent the request.
    ///
    /// Sentences of 5xx name files and settings of the host, so they go to the log only.
    var tellsSentence: Bool { status.code < 500 }
}
