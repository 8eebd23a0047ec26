extension ProblemCode {
    /// What it is called: the `title` of an answer and the heading of its page.
    var title: String { words.title }

    /// What whoever sent the request can do about it: the text of its page.
    var cure: String { words.cure }

    private var words: (title: String, cure: String) {
        switch self {
        case .malformedRequest: ("Malformed request", "Send the request as the API describes it.")
        case .malformedJSON:
            ("Malformed JSON", "Send one JSON document in UTF-8, no member twice.")
        case .malformedMultipart:
            (
                "Malformed multipart body",
                "Send multipart/form-data (RFC 7578) with one part 'metadata' and 1 to 12 parts "
                    + "'photo', and end it with the closing boundary."
            )
        case .orderDataInvalid:
            ("Order data invalid", "Mend every member that 'errors' points at.")
        case .photoMissing: ("No photo", "Send at least one part 'photo'.")
        case .queryInvalid: ("Query invalid", "Mend the parameter that 'errors' names.")
        case .idempotencyKeyMissing:
            (
                "Idempotency key missing",
                "Send the header Idempotency-Key with a new UUID for each item, and the same one "
                    + "whenever you try that item again."
            )
        case .idempotencyKeyInvalid:
            ("Idempotency key invalid", "Use 1 to 200 visible ASCII characters, such as a UUID.")
        case .notSignedIn:
            (
                "Not signed in",
                "Send the header Authorization: Bearer KEY with a key that holds."
            )
        case .scopeMissing:
            ("Key does not open this", "Use a key with the scope that 'detail' names.")
        case .notFound: ("Not found", "Check the path against the API's description.")
        case .inspectionNotFound: ("No such inspection", "Check the id.")
        case .photoNotKept:
            ("No such photo", "The inspection has no photo of this index, or it was not kept.")
        case .taskNotFound: ("No such review task", "Check the id.")
        case .problemUnknown: ("No such problem", "Check the code.")
        case .methodNotAllowed: ("Method not allowed", "Use a method that 'Allow' lists.")
        case .notAcceptable:
            ("Not acceptable", "Accept application/json, or leave the header Accept out.")
        case .slowBody:
            ("Body came too slowly", "Send it at 16 kB/s or more, and within 5 minutes.")
        case .requestRunning:
            (
                "Request is running",
                "The same request is being worked on. Try again after the seconds in Retry-After."
            )
        case .leaseLost: ("Lease lost", "Take the next task; this one is in other hands.")
        case .alreadyDecided: ("Already decided", "Somebody decided this task before.")
        case .inspectionRunning:
            ("Inspection is running", "Try again when the inspection has an outcome.")
        case .erased: ("Erased", "What was here was erased at a person's request.")
        default: conflictWords
        }
    }

    private var conflictWords: (title: String, cure: String) {
        switch self {
        case .inspectionFailed:
            ("Inspection failed", "Post the item anew; 'problem' of the inspection says why.")
        case .reviewPending:
            ("With a person already", "Wait for what they decide, and appeal against that.")
        case .appealLimitReached:
            ("Too many appeals", "Settle the case with the customer directly.")
        case .retakeNotAsked:
            ("No other photos asked for", "Send other photos only while the status is retake.")
        case .attemptLimitReached:
            ("Too many attempts", "Appeal, so that a person looks at the photos there are.")
        case .earlierPhotosGone:
            ("Earlier photos are gone", "Post the item anew with all its photos.")
        case .legalHold: ("Legal hold", "Operators: lift the hold first, if the law allows it.")
        case .undoRefused:
            ("Cannot be taken back", "The case went on; an appeal can still change it.")
        default: limitWords
        }
    }

    private var limitWords: (title: String, cure: String) {
        switch self {
        case .bodyTooLarge:
            ("Body too large", "Send fewer or smaller photos; the bound is bodyByteCountLimit.")
        case .orderDataTooLarge:
            ("Order data too large", "Shorten it; the bound is orderDataByteCountLimit.")
        case .tooManyPhotos: ("Too many photos", "Send at most 12; the bound is photoCountLimit.")
        case .photoTooLarge: ("Photo too large", "Send at most 20 MB a photo (byteCountLimit).")
        case .unsupportedMediaType:
            (
                "Media type not supported",
                "Send multipart/form-data, image/jpeg or image/png; JSON where a route takes JSON."
            )
        case .unsupportedFormat: ("Photo format not supported", "Send JPEG or PNG.")
        case .unsupportedEncoding: ("Photo encoding not supported", "Save it as baseline JPEG.")
        case .idempotencyKeyReused:
            ("Idempotency key reused", "The key was used for another item; use a new one.")
        case .photoEmpty: ("Photo is empty", "Send the whole file.")
        case .photoUndecodable: ("Photo cannot be decoded", "Take or save the photo again.")
        case .photoTruncated: ("Photo is cut short", "Send the whole file again.")
        case .tooManyPixels: ("Too many pixels", "Scale the photo down (pixelCountLimit).")
        case .tooManyInterlacedPixels:
            ("Too many pixels", "Save the PNG without interlacing (interlacedPixelCountLimit).")
        case .sideTooLong: ("Side too long", "Crop or scale the photo (sideLimit).")
        case .tooManyScans: ("Too many scans", "Save it as baseline JPEG (scanCountLimit).")
        case .tooManyFrames: ("Animation", "Send a still picture (frameCountLimit).")
        case .metadataTooLarge:
            ("Too much metadata", "Remove the photo's metadata (metadataByteCountLimit).")
        case .decoderMemoryLimit: ("Photo too costly", "Scale it down (memoryByteCountLimit).")
        case .decodingDeadline: ("Photo too costly", "Save it anew (processorTimeLimit).")
        case .decoderFailed: ("Photo cannot be decoded", "Save it anew, or take another photo.")
        case .reviewerUnknown: ("Reviewer unknown", "Add the reviewer first.")
        case .outcomeInvalid: ("Outcome invalid", "Decide resell, refurbish, reject or retake.")
        case .reasonInvalid: ("Reason invalid", "State a code that reviewers may state.")
        case .commentTooLong: ("Comment too long", "Shorten the comment.")
        case .rateLimited:
            ("Too many requests", "Wait for the seconds in Retry-After (requestRateLimit).")
        case .overloaded:
            ("Overloaded", "Try again after the seconds in Retry-After, with the same key.")
        case .notReady: ("Not ready", "Try again, or ask another instance.")
        case .recordUnavailable:
            (
                "Record unavailable",
                "Try again with the same Idempotency-Key; the service goes on by itself once its "
                    + "data directory can be read and written."
            )
        case .stopping: ("Stopping", "The service is being stopped; try again.")
        case .processingDeadline:
            ("No worker in time", "Try again with the same Idempotency-Key.")
        case .diskFull: ("No space left", "Operators: free space in the data directory.")
        default: webhookWords
        }
    }

    private var webhookWords: (title: String, cure: String) {
        switch self {
        case .webhookEndpointNotFound: ("No such webhook endpoint", "Check the id.")
        case .webhookEndpointExists:
            ("Webhook endpoint exists", "Use the endpoint that 'detail' names, or remove it.")
        case .webhookURLRefused:
            ("URL refused", "Use an https URL of a host on the Internet, without user or fragment.")
        case .webhookEventTypeUnknown: ("No such event type", "Use types that 'detail' lists.")
        case .webhookDescriptionInvalid:
            ("Description invalid", "Shorten it to 200 bytes of plain text.")
        case .webhookReplayTooLong: ("Replay too long", "Ask for at most 10,000 events at once.")
        case .tooManyWebhookEndpoints: ("Too many webhook endpoints", "Remove one first.")
        default: referenceWords
        }
    }

    private var referenceWords: (title: String, cure: String) {
        switch self {
        case .referenceNotFound: ("No such reference photo", "List the product's references.")
        case .referenceExists: ("Reference photo exists", "Somebody added it at the same moment.")
        case .referenceNotResold:
            ("Not decided resell", "Take photos of an item that a person decided to resell.")
        case .referencePhotoUnfit:
            ("Photo unfit", "Send a sharp, whole photo of the side that it is to stand for.")
        case .referenceRoleInvalid:
            ("Role invalid", "State order_id only with the role packing.")
        case .referenceSKUDiffers:
            ("Product differs", "Name the product that the inspection's order states.")
        case .tooManyReferences: ("Too many reference photos", "Remove some first.")
        default:
            (
                "Internal error",
                "Nothing was decided. Try again with the same Idempotency-Key; if it stays, tell "
                    + "the operators the request id."
            )
        }
    }
}
