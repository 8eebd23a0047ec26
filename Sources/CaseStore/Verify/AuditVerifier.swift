public import Foundation
public import ReturnsDomain

/// Checks an audit log offline: needs no service and no secret, changes nothing.
///
/// A log that holds was not changed after the fact, unless every later hash was computed anew and
/// every checkpoint signed anew. A cut tail, or a log rewritten as a whole by someone with the
/// signing key, is seen only with what was kept elsewhere; see `docs/audit-log.md`.
public enum AuditVerifier {
    /// Verifies a data directory or an exported audit folder, whichever it is.
    ///
    /// Of a data directory: the chain in the database, its checkpoints, the stored documents
    /// against their commitments, and the exported files against the database, while other
    /// processes write. Of a folder: the chain and the checkpoints. Memory is bounded.
    ///
    /// - Parameters:
    ///   - url: The data directory, or a folder with `00000001.jsonl` and so on.
    ///   - tenant: Whose log of a data directory.
    ///   - witness: What was kept of the log elsewhere.
    /// - Returns: What was found, with the first problem if there is one.
    /// - Throws: ``CaseStoreError`` if the log, or what was kept of it, cannot be read at all.
    public static func verify(
        _ url: URL, tenant: Tenant = .default, witness: AuditWitness = .none
    ) async throws(CaseStoreError) -> AuditVerification {
        try await verify(
            url, tenant: tenant, witness: witness,
            segmentLineCount: SegmentLayout.standard.lineCount)
    }

    /// Verifies a log in segments of another size than the program's; for tests.
    package static func verify(
        _ url: URL, tenant: Tenant = .default, witness: AuditWitness = .none,
        segmentLineCount: Int64
    ) async throws(CaseStoreError) -> AuditVerification {
        let layout = SegmentLayout(lineCount: segmentLineCount)
        do {
            return try await FileWork(label: "regrade.audit-verifier").run {
                let directory = DataDirectory(root: url)
                if FileSystem.exists(directory.database) {
                    return try RecordVerification(
                        directory: directory, tenant: tenant, witness: witness, layout: layout
                    ).run()
                }
                return try FolderVerification(folder: url, witness: witness, layout: layout).run()
            }
        } catch {
            throw CaseStoreError(error)
        }
    }
}
