import CaseStore
import Foundation
import ReturnsDomain
import Testing

@Suite struct ReceiptTests {
    let directory = TemporaryDirectory()

    private func check(_ receipt: Data, _ key: String) throws -> ReceiptVerdict {
        try ReceiptCheck.check(Array(receipt), publicKey: key)
    }

    @Test func aReceiptProvesAnEntryAndItsDocument() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let id = InspectionID(at: .now)
        try await store.record([.fixture(), .fixture(outcome: .resell, id: id), .fixture()])

        let receipt = try await store.auditReceipt(for: .inspection(id))

        let key = try await store.auditHead().publicKey
        let verdict = try check(receipt, key)
        #expect(verdict.holds && verdict.hasDocument)
        #expect(verdict.seq == 2 && verdict.size == 3 && verdict.kind == "decision")
        #expect(verdict.inspection == id.description)
        #expect(verdict.facts["outcome"] == "resell" && verdict.facts["confidence"] == "0.71")
        #expect(verdict.facts["reasons"] == "confidence_below_threshold scratch_visible")
        #expect(verdict.facts["photos"]?.contains(String(repeating: "a", count: 64)) == true)
        #expect(try check(receipt + [0x0A], key).holds)
        // That it was given away is logged.
        let last = try #require(try await store.auditEntries(limit: 1).first)
        let entry = try members(String(decoding: last, as: UTF8.self))
        #expect(entry["kind"] as? String == "export")
        #expect(entry["meta"] as? [String: String] == ["what": "receipt", "entry": "2"])
    }

    @Test func anErasedDocumentIsNotShown() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([.fixture()])
        try await store.tamper(
            "UPDATE adjudication SET document = NULL; UPDATE inspection SET salt = NULL")
        let receipt = try await store.auditReceipt(for: .entry(1))
        let verdict = try check(receipt, try await store.auditHead().publicKey)
        #expect(verdict.holds && !verdict.hasDocument && verdict.facts.isEmpty)
        #expect(!String(decoding: receipt, as: UTF8.self).contains("order-4711"))
    }

    @Test func entriesWithoutADocumentHaveReceiptsToo() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.addEntries(3)
        let receipt = try await store.auditReceipt(for: .entry(2))
        let verdict = try check(receipt, try await store.auditHead().publicKey)
        #expect(verdict.holds && verdict.seq == 2 && verdict.kind == "reviewer_added")
    }

    /// Every byte of a receipt counts, whatever it says.
    @Test func noChangedReceiptHolds() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([.fixture(), .fixture()])
        let receipt = try await store.auditReceipt(for: .entry(1))
        let key = try await store.auditHead().publicKey
        try #require(try check(receipt, key).holds)
        for index in receipt.indices {
            var flipped = receipt
            flipped[index] ^= 1 << (index % 8)
            try #require(!(try check(flipped, key).holds), "byte \(index)")
        }
        try #require(!(try check(receipt.dropLast(), key).holds))
    }

    /// Signed by the right key, but put together wrongly: each check stands by itself.
    @Test func aReceiptThatWasPutTogetherWronglyIsRefused() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([.fixture(), .fixture(outcome: .resell), .fixture()])
        let key = try await store.auditHead().publicKey
        let signer = try store.signer()
        let first = try await store.auditReceipt(for: .entry(1))
        let second = try await store.auditReceipt(for: .entry(2))
        func mixed(_ names: String...) throws -> ReceiptVerdict.Problem? {
            let mixed = try SignedDocument.mixed(first, taking: names, from: second, by: signer)
            return try check(mixed, key).problem
        }
        #expect(try mixed() == nil)
        #expect(try mixed("entry") == .entryBroken)
        #expect(try mixed("seq") == .entryBroken)
        #expect(try mixed("proof") == .notIncluded)
        #expect(try mixed("entry", "seq") == .notIncluded)
        #expect(try mixed("document") == .documentDiffers)
        #expect(try mixed("salt") == .documentDiffers)
        #expect(try mixed("entry", "seq", "proof") == .documentDiffers)
        #expect(try mixed("facts") == .factsDiffer)
        #expect(try mixed("document", "salt", "facts") == .documentDiffers)
    }

    @Test func anotherKeyDoesNotDo() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([.fixture()])
        let receipt = try await store.auditReceipt(for: .entry(1))
        let name = try #require(
            try await store.auditHead().publicKey.split(separator: "+").first)
        let other = try NoteSigner(name: String(name), secret: Data(0..<32))
        #expect(try check(receipt, other.key.description).problem == .notSigned)
        #expect(throws: CaseStoreError.witnessUnreadable(.publicKey)) {
            try check(receipt, "no key")
        }
    }

    @Test func theLogIsProvenToHaveOnlyGrown() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.addEntries(3)
        try await store.checkpoint()
        try await store.addEntries(9, named: "more")
        try await store.checkpoint()
        let key = try await store.auditHead().publicKey
        for from in Int64(1)...12 {
            let verdict = try check(try await store.auditConsistencyProof(from: from), key)
            #expect(verdict.holds && verdict.grownFrom == from && verdict.size == 12)
        }
        let proof = try await store.auditConsistencyProof(from: 3, to: 7)
        #expect(try check(proof, key).size == 7)
        for index in proof.indices {
            var flipped = proof
            flipped[index] ^= 1 << (index % 8)
            try #require(!(try check(flipped, key).holds), "byte \(index)")
        }
        for (from, to) in [(0, 3), (4, 3), (1, 13)] as [(Int64, Int64)] {
            await #expect(
                throws: CaseStoreError.auditRangeInvalid(from: from, to: to, entryCount: 12)
            ) { try await store.auditConsistencyProof(from: from, to: to) }
        }
    }

    @Test func whatIsNotThereHasNoReceipt() async throws {
        let store = try await CaseStore.open(at: directory.url)
        await #expect(throws: CaseStoreError.auditEntryNotFound(1)) {
            try await store.auditReceipt(for: .entry(1))
        }
        let id = InspectionID(at: .now)
        await #expect(throws: CaseStoreError.inspectionNotFound(id)) {
            try await store.auditReceipt(for: .inspection(id))
        }
    }

    @Test func anExportHoldsByItselfAndEndsWithItsOwnEntry() async throws {
        let store = try await CaseStore.open(at: directory.url)
        try await store.record([.fixture(), .fixture()])
        let folder = try await AuditFolder(exporting: store, to: directory.appending("exported"))
        let verification = try await folder.verify()
        #expect(verification.holds && verification.entryCount == 3)
        #expect(verification.signedEntryCount == 3)
        #expect(folder.lines[2].contains("\"kind\":\"export\""))
        await #expect(throws: CaseStoreError.folderNotEmpty(path: folder.url.path)) {
            _ = try await store.exportAuditLog(to: folder.url)
        }
    }
}
