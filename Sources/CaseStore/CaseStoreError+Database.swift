internal import GRDB

extension CaseStoreError {
    /// Says in the store's words what went wrong below it.
    init(_ error: any Error) {
        switch error {
        case let error as CaseStoreError: self = error
        case is CancellationError: self = .cancelled
        case let error as DatabaseError: self = Self.from(error)
        default: self = .database(code: 0, reason: "\(error)")
        }
    }

    /// Whether the transaction may turn out to be durable after all, as after a failed sync.
    ///
    /// What it names must then stay until a later look at the database tells.
    var leavesCommitUncertain: Bool {
        switch self {
        case .database, .databaseCorrupt: true
        default: false
        }
    }

    /// The message only: SQL and its arguments may hold personal data.
    private static func from(_ error: DatabaseError) -> CaseStoreError {
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy
        case .SQLITE_FULL: return .diskFull(path: "regrade.sqlite")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .databaseCorrupt(reason: reason)
        case .SQLITE_INTERRUPT, .SQLITE_ABORT: return .cancelled
        default:
            return .database(code: Int(error.extendedResultCode.rawValue), reason: reason)
        }
    }
}
