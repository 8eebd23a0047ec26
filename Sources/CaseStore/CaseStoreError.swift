public import ReturnsDomain

/// Why the record could not be read or written.
public enum CaseStoreError: Error, Hashable, Sendable {
    // MARK: The data directory

    /// A file or folder of the data directory could not be used; `reason` is the system's sentence.
    case fileSystem(operation: String, path: String, reason: String)
    /// The file system of the data directory has no space left.
    case diskFull(path: String)
    /// A key file can be read by others than its owner.
    case keyFileExposed(path: String, mode: String)
    /// A key file does not hold a key of this build's format.
    case keyFileMalformed(path: String)
    /// There is a database but the key that opens its secrets is gone.
    case keyFileMissing(path: String)
    /// The signing key is not the one that signed the audit log last.
    case signingKeyDiffers(path: String)
    /// The list of changes of the signing key cannot be used.
    case signingHistoryInvalid(path: String, reason: String)
    /// The database was written by a newer build.
    case databaseNewer(found: Int, supported: Int)
    /// The file is not a database of Regrade or is damaged; `reason` is SQLite's sentence.
    case databaseCorrupt(reason: String)
    /// Other processes kept the database locked for longer than the busy timeout.
    case busy
    /// SQLite failed in a way that has no case of its own; `code` is its extended result code.
    case database(code: Int, reason: String)
    /// The task that waited for the store was cancelled; nothing was written.
    case cancelled
    /// An exported file holds another line than the database at this sequence number.
    case exportDiverges(file: String, seq: Int64)
    /// The audit log ends before the last entry that a checkpoint was signed over.
    case auditLogCut(entryCount: Int64, signed: Int64)
    /// There is no audit entry of this number.
    case auditEntryNotFound(Int64)
    /// Sizes between which no consistency proof leads.
    case auditRangeInvalid(from: Int64, to: Int64, entryCount: Int64)
    /// A folder to export into has something in it.
    case folderNotEmpty(path: String)
    /// What was kept of a log outside is not a public key or a signed checkpoint.
    case witnessUnreadable(WitnessPart)
    /// The folder holds neither a database nor segments of an audit log.
    case auditLogNotFound(path: String)

    // MARK: Inspections

    /// An inspection of this id is already recorded; nothing of the group was written.
    case inspectionExists(InspectionID)
    /// There is no inspection of this id.
    case inspectionNotFound(InspectionID)
    /// Nobody asks for other photos of this inspection, or somebody sent some in the meantime.
    case retakeNotAsked(InspectionID)
    /// The inspection had as many further attempts as are allowed.
    case attemptLimitReached(InspectionID, limit: Int)
    /// The inspection has no photo of this index, or its bytes were not kept.
    case photoNotKept(InspectionID, index: Int)
    /// Sealed bytes of an inspection do not open with its key: they were changed.
    case sealBroken(InspectionID)
    /// A document or its photos contradict themselves, or hold a number that JSON cannot carry.
    case recordInvalid(InspectionID, reason: String)
    /// A stored document cannot be read back.
    case documentUnreadable(InspectionID, reason: String)

    // MARK: Erasure

    /// The inspection was erased.
    case inspectionErased(InspectionID)
    /// The inspection is under a legal hold.
    case underLegalHold(InspectionID)
    /// The inspection is under no legal hold.
    case holdNotFound(InspectionID)
    /// The reference of a legal hold is empty, too long or holds control characters.
    case holdReferenceInvalid(byteCount: Int, limit: Int)
    /// The tombstone is on the disk, but the record could not be changed yet.
    case erasurePending(reason: String)
    /// A tombstone cannot be read, so that what it names might come back.
    case tombstonesUnreadable(path: String, reason: String)

    // MARK: Backups

    /// The file to write exists.
    case backupExists(path: String)
    /// A file is no backup of this build's format, or was changed or cut.
    case backupInvalid(path: String, reason: String)
    /// Another process has the data directory open.
    case directoryInUse(path: String)
    /// A restore or a key rotation has the data directory to itself.
    case directoryReserved(path: String)
    /// What is in a backup was sealed with a wrapping key that is not in the folder of keys.
    case backupKeyMissing(path: String, keys: String)

    // MARK: Reviews

    /// There is no review task of this id.
    case taskNotFound(ReviewTaskID)
    /// Nobody of this name was added as a reviewer.
    case reviewerUnknown(name: String)
    /// A reviewer of this name exists.
    case reviewerExists(name: String)
    /// A reviewer's name is empty, too long or holds control characters.
    case reviewerNameInvalid(byteCount: Int, limit: Int)
    /// The lease has expired, was released, or another lease was given since.
    case leaseLost(ReviewTaskID)
    /// The task was decided before.
    case alreadyDecided(ReviewTaskID)
    /// The decision can no longer be taken back: the case went on.
    case undoRefused(ReviewTaskID)
    /// The case is with a person anyway, so that there is nothing to appeal against.
    case reviewPending(InspectionID)
    /// The inspection had as many appeals as are allowed.
    case appealLimitReached(InspectionID, limit: Int)
    /// The case cannot be one of known answer.
    case goldUnsuitable(InspectionID)
    /// A reviewer may not decide this outcome.
    case outcomeNotForReviewers(Outcome)
    /// A reviewer may not state this reason.
    case reasonNotForReviewers(ReasonCode)
    /// A comment is longer than ``CaseStore/commentByteCountLimit``.
    case commentTooLong(byteCount: Int, limit: Int)

    // MARK: The HTTP service

    /// There is no API key of this id.
    case apiKeyNotFound(APIKeyID)
    /// A key's name is empty, too long or holds control characters.
    case apiKeyNameInvalid(byteCount: Int, limit: Int)
    /// Another process serves this data directory.
    case servedElsewhere(path: String)

    // MARK: Webhooks and references

    /// Trouble with a webhook endpoint.
    case webhook(WebhookStoreError)
    /// Trouble with a reference photo.
    case reference(ReferenceStoreError)

    // MARK: Batch runs

    /// There is no batch run of this id.
    case batchRunNotFound(BatchRunID)
    /// The unchanged item has a result already; nothing of the group was written.
    case batchItemRecorded(item: String)
}

/// What someone outside keeps of an audit log.
public enum WitnessPart: Hashable, Sendable {
    /// The public key, one line.
    case publicKey
    /// A signed checkpoint.
    case checkpoint
}

extension CaseStoreError: CustomStringConvertible {
    /// One sentence: what was being done, the offending value, the bound and the cure.
    public var description: String {
        switch self {
        case .fileSystem(let operation, let path, let reason):
            "cannot \(operation) \(path): \(reason)"
        case .diskFull(let path):
            "no space left on the file system of \(path); free some and try again"
        case .keyFileExposed(let path, let mode):
            "key file \(path) has mode \(mode), expected 0600; run chmod 600 on it and consider "
                + "who could have read it"
        case .keyFileMalformed(let path):
            "key file \(path) does not hold a key this build reads; restore it from its backup"
        case .keyFileMissing(let path):
            "key file \(path) is missing although the database exists; restore it, a new key "
                + "cannot open what the old one sealed"
        case .signingKeyDiffers(let path):
            "key file \(path) is not the key that signed the audit log last; restore the newest "
                + "copy of the folder keys"
        case .signingHistoryInvalid(let path, let reason):
            "cannot use the changes of the signing key in \(path): \(reason); restore the newest "
                + "copy of the folder keys"
        case .databaseNewer(let found, let supported):
            "database has schema version \(found), this build reads up to \(supported); use the "
                + "newer build"
        case .databaseCorrupt(let reason):
            "database is damaged or not a database of Regrade (\(reason)); restore a backup"
        case .busy:
            "database was locked by other processes for more than 5 s; try again"
        case .database(let code, let reason):
            "database failed with SQLite code \(code): \(reason)"
        case .cancelled:
            "cancelled before anything was written"
        case .exportDiverges(let file, let seq):
            "\(file) differs from the database at sequence number \(seq); keep a copy, delete the "
                + "file and it is written anew"
        case .auditLogCut(let entryCount, let signed):
            "the audit log ends at entry \(entryCount) although a checkpoint over \(signed) was "
                + "signed; entries were removed, restore a backup"
        case .auditEntryNotFound(let seq): "there is no audit entry \(seq)"
        case .auditRangeInvalid(let from, let to, let entryCount):
            "cannot prove that \(from) entries are the beginning of \(to), expected 1 or more, "
                + "not more than the second, and at most the \(entryCount) there are"
        case .folderNotEmpty(let path):
            "\(path) is not an empty folder; name one that does not exist yet"
        case .witnessUnreadable(.publicKey):
            "the public key is not a line NAME+KEYID+BASE64 as regrade audit head --key prints it"
        case .witnessUnreadable(.checkpoint):
            "the checkpoint is not a signed note as regrade audit head --note prints it"
        case .auditLogNotFound(let path):
            "\(path) holds neither regrade.sqlite nor 00000001.jsonl; name a data directory or an "
                + "exported audit folder"
        case .inspectionExists(let id): "inspection \(id) is already recorded"
        case .inspectionNotFound(let id): "there is no inspection \(id)"
        case .retakeNotAsked(let id):
            "inspection \(id) does not wait for other photos; read where it stands"
        case .attemptLimitReached(let id, let limit):
            "inspection \(id) had \(limit) further attempts, which is the limit; appeal instead"
        case .photoNotKept(let id, let index): "photo \(index) of inspection \(id) was not kept"
        case .sealBroken(let id):
            "what was sealed for inspection \(id) does not open; the bytes or the key were changed"
        case .recordInvalid(let id, let reason): "cannot record inspection \(id): \(reason)"
        case .documentUnreadable(let id, let reason):
            "cannot read the stored document of inspection \(id): \(reason)"
        case .inspectionErased(let id): "inspection \(id) was erased"
        case .underLegalHold(let id):
            "inspection \(id) is under a legal hold; lift it with: regrade case hold off \(id)"
        case .holdNotFound(let id): "inspection \(id) is under no legal hold"
        case .holdReferenceInvalid(let byteCount, let limit):
            "the reference of a hold has \(byteCount) bytes or control characters, expected 1 to "
                + "\(limit) bytes of plain text, such as a file number"
        case .erasurePending(let reason):
            "the erasure is noted and will be done when the data directory is opened next; now it "
                + "failed: \(reason)"
        case .tombstonesUnreadable(let path, let reason):
            "cannot use the tombstones in \(path): \(reason); restore that file, without it erased "
                + "people may come back"
        case .backupExists(let path): "\(path) exists; name a new file for the backup"
        case .backupInvalid(let path, let reason):
            "\(path) is no backup that can be restored: \(reason)"
        case .directoryInUse(let path):
            "another process has \(path) open; stop serve, batch and reviewers, then try again"
        case .directoryReserved(let path):
            "a restore or a key rotation has \(path) to itself; try again when it has ended"
        case .backupKeyMissing(let path, let keys):
            "the backup was sealed with wrapping key \(keys), which is not in \(path); put that "
                + "key file there as wrapping-NAME.key"
        case .taskNotFound(let id): "there is no review task \(id)"
        case .reviewerUnknown(let name):
            "there is no reviewer '\(name)'; add one with: regrade reviewer add"
        case .reviewerExists(let name): "there is a reviewer '\(name)' already"
        case .reviewerNameInvalid(let byteCount, let limit):
            "a reviewer's name has \(byteCount) bytes or control characters, expected 1 to "
                + "\(limit) bytes of plain text"
        case .apiKeyNotFound(let id): "there is no API key \(id)"
        case .apiKeyNameInvalid(let byteCount, let limit):
            "an API key's name has \(byteCount) bytes or control characters, expected 1 to "
                + "\(limit) bytes of plain text"
        case .servedElsewhere(let path):
            "another process serves \(path); stop it first, one data directory has one service"
        case .webhook(let error): error.description
        case .reference(let error): error.description
        case .leaseLost(let id):
            "the lease on review task \(id) has ended; take the next task with: regrade review next"
        case .alreadyDecided(let id): "review task \(id) is already decided"
        case .undoRefused(let id):
            "the decision on review task \(id) cannot be taken back, because the case went on; "
                + "open an appeal instead with: regrade case appeal"
        case .reviewPending(let id):
            "inspection \(id) is with a person already; what they decide can be appealed against"
        case .appealLimitReached(let id, let limit):
            "inspection \(id) had \(limit) appeals, which is the limit"
        case .goldUnsuitable(let id):
            "inspection \(id) cannot be a case of known answer: it needs a decided review task and "
                + "a recorded grade; see: regrade case truth"
        case .outcomeNotForReviewers(let outcome):
            "a reviewer cannot decide \(outcome.rawValue), expected resell, refurbish, reject or "
                + "retake"
        case .reasonNotForReviewers(let reason):
            "a reviewer cannot state \(reason.rawValue), expected a review_ or a damage code"
        case .commentTooLong(let byteCount, let limit):
            "comment has \(byteCount) bytes, more than the limit of \(limit)"
        case .batchRunNotFound(let id): "there is no batch run \(id)"
        case .batchItemRecorded(let item):
            "batch item '\(item)' has a result already and its files did not change"
        }
    }
}
