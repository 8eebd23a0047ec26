import CaseStore
import Foundation
import Imaging
import Inspection
import NeuralNetwork
import ReturnsDomain

extension Failure {
    /// Chooses the kind, the code and the sentence of any error of the modules below.
    ///
    /// A case that a module adds does not compile here until someone decides what it means, except
    /// for errors of the system itself, which are inputs and outputs that failed.
    public init(describing error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as ImageDecodingError: self.init(decoding: error)
        case let error as CaseStoreError: self.init(store: error)
        case let error as ManifestError:
            self.init(.badInput, code: "manifest_invalid", error.description)
        case let error as PolicyFileError:
            self.init(.configuration, code: "policy_invalid", error.description)
        case let error as DamageModelError:
            self.init(.configuration, code: "model_unusable", error.description)
        case let error as PhotoInspectionError: self.init(inspecting: error)
        case let error as ModelError: self.init(model: error)
        case is CancellationError:
            self.init(.tryAgain, code: "interrupted", "interrupted; try again")
        case let error as CocoaError:
            self.init(.inputOutput, code: "input_output", error.localizedDescription)
        default:
            self.init(.inputOutput, code: "input_output", "\(error)")
        }
    }

    private init(decoding error: ImageDecodingError) {
        self.init(.badInput, code: error.code, error.description)
    }

    private init(model error: ModelError) {
        switch error {
        case .outputDiffers:
            self.init(.internalMistake, code: "parity_broken", error.description)
        case .inputMismatch, .inputMissing, .inputShapeNeeded, .unknownName, .invalidElements:
            self.init(.badInput, code: "tensor_mismatch", error.description)
        case .fileUnreadable:
            self.init(.inputMissing, code: "file_unreadable", error.description)
        case .unusableLinearAlgebra:
            self.init(.configuration, code: "openblas_unusable", error.description)
        case .malformed, .limitExceeded, .unsupportedOpset, .unsupportedOperator, .unsupportedUse,
            .unsupportedElementType, .unsupportedInput, .invalidNode, .shapeDependsOnInput,
            .goldenTensorsOfAnotherModel, .tapUnusable:
            self.init(.configuration, code: "model_invalid", error.description)
        }
    }

    private init(inspecting error: PhotoInspectionError) {
        switch error {
        case .decoding(let error): self.init(decoding: error)
        case .decoderUnavailable: self.init(.unavailable, code: error.code, error.description)
        case .network, .notFinite:
            self.init(.internalMistake, code: error.code, error.description)
        }
    }

    private init(store error: CaseStoreError) {
        self.init(Self.kind(of: error), code: Self.code(of: error), error.description)
    }

    private static func kind(of error: CaseStoreError) -> Kind {
        switch error {
        case .fileSystem, .diskFull, .database: .inputOutput
        case .keyFileExposed, .keyFileMalformed, .keyFileMissing, .databaseNewer: .configuration
        case .signingKeyDiffers, .signingHistoryInvalid: .configuration
        case .databaseCorrupt, .documentUnreadable, .sealBroken, .exportDiverges, .auditLogCut:
            .inputOutput
        case .busy, .cancelled, .leaseLost, .batchItemRecorded: .tryAgain
        case .apiKeyNotFound: .inputMissing
        case .apiKeyNameInvalid: .usage
        case .servedElsewhere: .tryAgain
        case .inspectionExists, .recordInvalid: .internalMistake
        case .inspectionNotFound, .photoNotKept, .taskNotFound, .batchRunNotFound,
            .auditLogNotFound:
            .inputMissing
        case .reviewerUnknown, .reviewerExists, .reviewerNameInvalid: .usage
        case .reviewPending, .appealLimitReached, .goldUnsuitable: .usage
        case .retakeNotAsked, .attemptLimitReached: .usage
        case .alreadyDecided, .undoRefused, .outcomeNotForReviewers, .reasonNotForReviewers:
            .usage
        case .commentTooLong: .usage
        case .witnessUnreadable: .badInput
        case .auditEntryNotFound: .inputMissing
        case .auditRangeInvalid: .usage
        case .folderNotEmpty: .cannotCreateOutput
        case .inspectionErased, .holdNotFound: .inputMissing
        case .underLegalHold, .holdReferenceInvalid: .usage
        case .erasurePending, .directoryInUse, .directoryReserved: .tryAgain
        case .tombstonesUnreadable, .backupKeyMissing: .configuration
        case .backupExists: .cannotCreateOutput
        case .backupInvalid: .badInput
        case .webhook(let error): kind(of: error)
        case .reference(let error): kind(of: error)
        }
    }

    private static func code(of error: CaseStoreError) -> String {
        switch error {
        case .fileSystem: "file_system"
        case .diskFull: "disk_full"
        case .keyFileExposed: "key_file_exposed"
        case .keyFileMalformed: "key_file_malformed"
        case .keyFileMissing: "key_file_missing"
        case .signingKeyDiffers: "signing_key_differs"
        case .signingHistoryInvalid: "signing_history_invalid"
        case .databaseNewer: "database_newer"
        case .databaseCorrupt: "database_corrupt"
        case .busy: "database_busy"
        case .database(let code, _):
            // SQLITE_READONLY, _IOERR, _CANTOPEN: the files, not what was asked of them.
            [8, 10, 14].contains(code & 0xFF) ? "database_unavailable" : "database"
        case .cancelled: "interrupted"
        case .exportDiverges: "export_diverges"
        case .auditLogCut: "audit_log_cut"
        case .witnessUnreadable: "witness_unreadable"
        case .auditEntryNotFound: "audit_entry_not_found"
        case .auditRangeInvalid: "audit_range_invalid"
        case .folderNotEmpty: "folder_not_empty"
        case .auditLogNotFound: "no_audit_log"
        case .inspectionExists: "inspection_exists"
        case .inspectionNotFound: "inspection_not_found"
        case .photoNotKept: "photo_not_kept"
        case .retakeNotAsked: "retake_not_asked"
        case .attemptLimitReached: "attempt_limit_reached"
        case .sealBroken: "seal_broken"
        case .recordInvalid: "record_invalid"
        case .documentUnreadable: "document_unreadable"
        case .taskNotFound: "task_not_found"
        case .reviewerUnknown: "reviewer_unknown"
        case .reviewerExists: "reviewer_exists"
        case .reviewerNameInvalid: "reviewer_name_invalid"
        case .leaseLost: "lease_lost"
        case .alreadyDecided: "already_decided"
        case .undoRefused: "undo_refused"
        case .reviewPending: "review_pending"
        case .appealLimitReached: "appeal_limit_reached"
        case .goldUnsuitable: "gold_unsuitable"
        case .outcomeNotForReviewers: "outcome_invalid"
        case .reasonNotForReviewers: "reason_invalid"
        case .commentTooLong: "comment_too_long"
        case .inspectionErased: "inspection_erased"
        case .underLegalHold: "legal_hold"
        case .holdNotFound: "hold_not_found"
        case .holdReferenceInvalid: "hold_reference_invalid"
        case .erasurePending: "erasure_pending"
        case .tombstonesUnreadable: "tombstones_unreadable"
        case .backupExists: "backup_exists"
        case .backupInvalid: "backup_invalid"
        case .directoryInUse: "directory_in_use"
        case .directoryReserved: "directory_reserved"
        case .backupKeyMissing: "backup_key_missing"
        case .apiKeyNotFound: "api_key_not_found"
        case .apiKeyNameInvalid: "api_key_name_invalid"
        case .servedElsewhere: "served_elsewhere"
        case .batchRunNotFound: "batch_run_not_found"
        case .batchItemRecorded: "batch_running_elsewhere"
        case .webhook(let error): code(of: error)
        case .reference(let error): code(of: error)
        }
    }

    private static func kind(of error: WebhookStoreError) -> Kind {
        switch error {
        case .endpointNotFound: .inputMissing
        case .endpointExists, .endpointLimitReached, .descriptionInvalid, .replayTooLong: .usage
        case .secretBroken: .inputOutput
        }
    }

    private static func code(of error: WebhookStoreError) -> String {
        switch error {
        case .endpointNotFound: "webhook_endpoint_not_found"
        case .endpointExists: "webhook_endpoint_exists"
        case .endpointLimitReached: "too_many_webhook_endpoints"
        case .descriptionInvalid: "webhook_description_invalid"
        case .replayTooLong: "webhook_replay_too_long"
        case .secretBroken: "webhook_secret_broken"
        }
    }

    private static func kind(of error: ReferenceStoreError) -> Kind {
        switch error {
        case .notFound: .inputMissing
        case .broken, .bankBroken: .inputOutput
        case .invalid: .internalMistake
        case .limitReached, .exists: .usage
        }
    }

    private static func code(of error: ReferenceStoreError) -> String {
        switch error {
        case .notFound: "reference_not_found"
        case .broken: "reference_broken"
        case .bankBroken: "reference_bank_broken"
        case .invalid: "reference_invalid"
        case .limitReached: "too_many_references"
        case .exists: "reference_exists"
        }
    }

    /// Whether the failure lies in one item's own files, so that other items can go on.
    var isAboutTheInput: Bool {
        switch kind {
        case .badInput, .inputMissing: true
        case .inputOutput: code == "photo_unreadable"
        case .usage, .unavailable, .internalMistake, .cannotCreateOutput, .tryAgain, .configuration:
            false
        }
    }
}
