public import Foundation
public import ReturnsDomain

/// Checks an audit log offline: needs no service and no key, changes nothing.
///
/// A log that holds was not changed after the fact, unless every later hash was computed anew.
/// A cut tail, or a log rewritten as a whole, is seen only by comparing the head with one that was
/// noted elsewhere; see `docs/audit-log.md`.
public enum AuditVerifier {
    /// Verifies a data directory or an exported audit folder, whichever it is.
    ///
    /// Of a data directory: the chain in the database, the stored documents against their
    /// commitments, and the exported files against the database, while other processes write. Of a
    /// folder of segments: the chain. Memory is bounded; about a million entries a minute.
    ///
    /// - Parameters:
    ///   - url: The data directory, or a folder with `00000001.jsonl` and so on.
    ///   - tenant: Whose log of a data directory.
    /// - Returns: What was found, with the first problem if there is one.
    /// - Throws: ``CaseStoreError`` if the log cannot be read at all.
    public static func verify(
        _ url: URL, tenant: Tenant = .default
    ) async throws(CaseStoreError) -> AuditVerification {
        try await verify(url, tenant: tenant, segmentLineCount: SegmentLayout.standard.lineCount)
    }

    /// Verifies a log in segments of another size than the program's; for tests.
    package static func verify(
        _ url: URL, tenant: Tenant = .default, segmentLineCount: Int64
    ) async throws(CaseStoreError) -> AuditVerification {
        let layout = SegmentLayout(lineCount: segmentLineCount)
        do {
            return try await FileWork(label: "regrade.audit-verifier").run {
                let directory = DataDirectory(root: url)
                if FileSystem.exists(directory.database) {
                    return try RecordVerification(
                        directory: directory, tenant: tenant, layout: layout
                    ).run()
                }
                return try verifySegments(in: url, layout)
            }
        } catch {
            throw CaseStoreError(error)
        }
    }

    private static func verifySegments(
        in folder: URL, _ layout: SegmentLayout
    ) throws -> AuditVerification {
        let names = try segmentNames(in: folder)
        var chain = AuditChain()
        for (index, name) in names.enumerated() {
            let number = Int64(index) + 1
            guard name == SegmentLayout.name(number) else {
                return verification(
                    chain,
                    AuditProblem(
                        .segmentMissing, seq: chain.entryCount + 1,
                        file: SegmentLayout.name(number)))
            }
            var reader = try LineReader(folder.appending(path: name))
            while let line = try reader.next() {
                if let kind = check(line, in: layout.seqs(of: number), &chain) {
                    return verification(
                        chain, AuditProblem(kind, seq: chain.entryCount + 1, file: name))
                }
            }
        }
        return verification(chain, nil)
    }

    private static func check(
        _ line: LineReader.Line, in segment: ClosedRange<Int64>, _ chain: inout AuditChain
    ) -> AuditProblem.Kind? {
        guard line.isWhole else { return .notCanonical }
        let seq = chain.entryCount + 1
        guard segment.contains(seq) else { return .wrongSegment }
        guard case .failure(let finding) = chain.check(line.bytes) else { return nil }
        return finding.kind
    }

    private static func verification(
        _ chain: AuditChain, _ problem: AuditProblem?
    ) -> AuditVerification {
        AuditVerification(entryCount: chain.entryCount, head: chain.head, problem: problem)
    }

    private static func segmentNames(in folder: URL) throws(CaseStoreError) -> [String] {
        let all = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        let names = (all ?? []).filter { SegmentLayout.number(inName: $0) != nil }
        guard !names.isEmpty else { throw .auditLogNotFound(path: folder.path) }
        return names.sorted()
    }
}
