import CaseStore
import Foundation
public import ReturnsDomain

extension Casebook {
    /// Where the audit log stands, with its last checkpoint and its public key.
    public func auditHead() async throws -> AuditHead {
        try await Self.failing { try await store.auditHead() }
    }

    /// Entries as canonical lines.
    ///
    /// - Parameters:
    ///   - subject: One entry, or those about one inspection; nil for the last ones.
    ///   - limit: How many at most.
    /// - Throws: ``Failure`` of kind `inputMissing` if there is none.
    public func auditEntries(_ subject: AuditSubject?, limit: Int) async throws -> [String] {
        let lines = try await Self.failing {
            switch subject {
            case nil: return try await store.auditEntries(limit: limit)
            case .entry(let seq):
                let lines = try await store.auditEntries(from: seq, limit: 1)
                guard !lines.isEmpty else { throw CaseStoreError.auditEntryNotFound(seq) }
                return lines
            case .inspection(let id):
                let lines = try await store.auditEntries(about: id, from: 1, limit: limit)
                guard !lines.isEmpty else { throw CaseStoreError.inspectionNotFound(id) }
                return lines
            }
        }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Proof that an entry is in the log, with the document it commits to; audited.
    ///
    /// - Returns: One line of JSON.
    public func auditReceipt(for subject: AuditSubject) async throws -> String {
        String(
            decoding: try await changing { try await $0.auditReceipt(for: subject) },
            as: UTF8.self)
    }

    /// Proof that the log of one size is the beginning of the log of another.
    ///
    /// - Parameter to: Nil for the last checkpoint's size.
    /// - Returns: One line of JSON.
    public func auditConsistencyProof(from: Int64, to: Int64?) async throws -> String {
        let proof = try await Self.failing {
            try await store.auditConsistencyProof(from: from, to: to)
        }
        return String(decoding: proof, as: UTF8.self)
    }

    /// Copies the audit log with its checkpoints and public key for an auditor; audited.
    ///
    /// - Returns: How many entries were copied.
    public func exportAuditLog(to folder: String) async throws -> Int64 {
        try await changing { try await $0.exportAuditLog(to: URL(fileURLWithPath: folder)) }
    }
}
