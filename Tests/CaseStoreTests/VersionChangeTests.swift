import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// The audit log says when another policy, model or calibration decides, once per change.
@Suite struct VersionChangeTests {
    let directory = TemporaryDirectory()

    private func record(
        policy: String = "1", policyHash: Character = "c", model: Character = "b",
        calibration: String = "damage-v1/1", calibrationHash: Character = "d"
    ) throws -> InspectionRecord {
        let plain = InspectionRecord.fixture(outcome: .resell)
        var document = try #require(
            try JSONSerialization.jsonObject(with: plain.adjudication.storedBytes())
                as? [String: Any])
        document["model"] = [
            "name": "damage", "version": "1", "preprocessing": "224",
            "sha256": String(repeating: model, count: 64), "calibration": calibration,
        ]
        document["policy"] = [
            "id": "shipped", "version": policy, "rule": "phones",
            "sha256": String(repeating: policyHash, count: 64),
        ]
        let bytes = try JSONSerialization.data(withJSONObject: document)
        return InspectionRecord(
            adjudication: try JSONDecoder().decode(Adjudication.self, from: bytes),
            statement: nil, consent: nil, photos: [], reviewTask: nil,
            calibrationSHA256: .fixture(calibrationHash))
    }

    /// The kinds of all entries, and what the changes say.
    private func log(
        _ store: CaseStore
    ) async throws -> (kinds: [String], changes: [[String: String]]) {
        let entries = try await store.auditEntries(from: 1, limit: 1000).map {
            try members(String(decoding: $0, as: UTF8.self))
        }
        return (
            entries.compactMap { $0["kind"] as? String },
            entries.filter { ($0["kind"] as? String)?.hasSuffix("_change") == true }
                .compactMap { $0["meta"] as? [String: String] }
        )
    }

    @Test func everyChangeIsOneEntryBeforeTheFirstDecisionUnderIt() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([record(), record()])
        try await store.record([
            record(policy: "2", policyHash: "e"), record(policy: "2", policyHash: "e"),
        ])
        try await CaseStore.open(at: directory.url).record([
            record(policy: "2", policyHash: "e", model: "f", calibration: "damage-v1/2")
        ])
        let (kinds, changes) = try await log(store)
        #expect(
            kinds == [
                "decision", "decision", "policy_change", "decision", "decision", "model_change",
                "calibration_change", "decision",
            ])
        #expect(
            changes.first == [
                "from": "shipped/1", "from_sha256": String(repeating: "c", count: 64),
                "to": "shipped/2", "to_sha256": String(repeating: "e", count: 64),
            ])
        #expect(changes.last?["from"] == "damage-v1/1" && changes.last?["to"] == "damage-v1/2")
        try await store.export()
        #expect(try await AuditVerifier.verify(directory.url).holds)
    }

    /// The text of a version is what its author says; the bytes count.
    @Test func changedBytesUnderTheSameNameAreAChange() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([record()])
        try await store.record([record(policyHash: "9"), record(policyHash: "9")])
        try await store.record([record(policyHash: "9", calibrationHash: "8")])
        let (kinds, changes) = try await log(store)
        #expect(kinds.filter { $0 != "decision" } == ["policy_change", "calibration_change"])
        #expect(changes.first?["from"] == changes.first?["to"])
    }

    @Test func goingBackIsAChangeToo() async throws {
        let store = try await CaseStore.open(at: directory.url)
        for policy in ["1", "2", "1"] { try await store.record([record(policy: policy)]) }
        #expect(try await log(store).changes.map { $0["to"] } == ["shipped/2", "shipped/1"])
    }

    @Test func whatIsNotRecordedChangesNothing() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let first = try record()
        try await store.record([first])
        await #expect(throws: CaseStoreError.self) {
            try await store.record([try record(policy: "2"), first])
        }
        #expect(try await log(store).changes.isEmpty)
        try await store.record([record(policy: "2")])
        #expect(try await log(store).changes.count == 1)
    }

    @Test func tenantsChangeApart() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let other = store.forTenant(try #require(Tenant("second")))
        try await store.record([record()])
        try await other.record([record(policy: "2")])
        try await store.record([record()])
        #expect(try await log(store).changes.isEmpty)
        #expect(try await log(other).changes.isEmpty)
    }
}
