import Foundation
import ReturnsDomain

/// Verifies a folder of segments with the checkpoints and the public key beside them.
struct FolderVerification {
    let folder: URL
    let witness: AuditWitness
    let layout: SegmentLayout

    /// Reads everything once, in order; blocks.
    func run() throws -> AuditVerification {
        // Checkpoints first: while others write, the entries they are over are there already.
        var checkpoints = try CheckpointCheck(
            witness: witness,
            keys: KeyWalk.keys(in: folder.appending(path: DataDirectory.publicKeyName)),
            source: checkpointSource())
        let names = try segmentNames()
        var chain = AuditChain()
        var problem = try checkpoints.begin()
        for (index, name) in names.enumerated() where problem == nil {
            problem = try check(segment: Int64(index) + 1, named: name, &chain, &checkpoints)
        }
        problem = problem ?? checkpoints.finish()
        return AuditVerification(
            entryCount: chain.entryCount, head: chain.head, checkpointCount: checkpoints.count,
            signedEntryCount: checkpoints.signedEntryCount,
            publicKeys: checkpoints.keys.reached.map(\.description),
            movedKeyChangeCount: checkpoints.keys.movedCount, problem: problem)
    }

    private func check(
        segment number: Int64, named name: String, _ chain: inout AuditChain,
        _ checkpoints: inout CheckpointCheck
    ) throws -> AuditProblem? {
        let expected = SegmentLayout.name(number)
        guard name == expected else {
            return AuditProblem(.segmentMissing, seq: chain.entryCount + 1, file: expected)
        }
        let seqs = layout.seqs(of: number)
        var reader = try LineReader(folder.appending(path: name))
        while let line = try reader.next() {
            let seq = chain.entryCount + 1
            guard line.isWhole else { return AuditProblem(.notCanonical, seq: seq, file: name) }
            guard seqs.contains(seq) else {
                return AuditProblem(.wrongSegment, seq: seq, file: name)
            }
            let entry: AuditChain.Entry
            switch chain.check(line.bytes) {
            case .failure(let finding): return AuditProblem(finding.kind, seq: seq, file: name)
            case .success(let checked): entry = checked
            }
            let problem = try checkpoints.add(entry: line.bytes, kind: entry.kind, file: name)
            if let problem { return problem }
        }
        return nil
    }

    private func segmentNames() throws(CaseStoreError) -> [String] {
        let all = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        let names = (all ?? []).filter { SegmentLayout.number(inName: $0) != nil }
        guard !names.isEmpty else { throw .auditLogNotFound(path: folder.path) }
        return names.sorted()
    }

    private func checkpointSource() throws -> CheckpointCheck.Source {
        let growing = folder.appending(path: "checkpoints.jsonl")
        var lines = try ExportedLines(
            ExportStream(tenant: .default, kind: .checkpoints, layout: layout),
            folder: growing.deletingPathExtension(), growing: growing)
        var seq: Int64 = 0
        return {
            seq += 1
            // Where a file has more lines than belong there, or one is missing, the next line that
            // is found has the wrong number.
            var line: LineReader.Line?
            if try lines.move(toLine: seq) { line = try lines.next() }
            if line == nil, try lines.hasMore() {
                line = LineReader.Line(bytes: Data(), isWhole: false)
            }
            return line.map {
                CheckpointCheck.Found(bytes: $0.bytes, isWhole: $0.isWhole, file: lines.name)
            }
        }
    }
}
