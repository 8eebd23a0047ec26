import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// Reference photos and banks open for whom they are, as what they are, and unchanged.
@Suite struct ReferenceSecrecyTests {
    let directory = TemporaryDirectory()

    @Test func whoeverChangesASealedFileIsFoundOut() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let id = try await store.addReferences([.fixture("one")], to: "sku-1").photos[0].id
        let file = directory.appending(try #require(try directory.photoFiles().first))
        var bytes = try Data(contentsOf: file)
        bytes[20] ^= 1
        try bytes.write(to: file)
        await #expect(throws: CaseStoreError.reference(.broken(id))) {
            try await store.bytes(of: id)
        }
    }

    /// Who may write to the database and the files cannot show one product's photo as another's.
    @Test func aKeyMovedToAnotherReferenceOpensNothing() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let ids = try await store.addReferences(
            [.fixture("one"), .fixture("two")], to: "sku-1"
        ).photos.map(\.id)
        try await store.tamper(
            """
            CREATE TEMP TABLE had AS SELECT id, wrappedDataKey FROM referencePhoto;
            UPDATE referencePhoto SET wrappedDataKey =
              (SELECT had.wrappedDataKey FROM had WHERE had.id <> referencePhoto.id)
            """)
        let files = try directory.photoFiles().map { directory.appending($0) }
        let bytes = try files.map { try Data(contentsOf: $0) }
        try bytes[1].write(to: files[0])
        try bytes[0].write(to: files[1])
        for id in ids {
            await #expect(throws: CaseStoreError.reference(.broken(id))) {
                try await store.bytes(of: id)
            }
        }
    }

    @Test func aKeyMovedToAnotherBankOpensNothing() async throws {
        let store = try await CaseStore.open(at: directory.url)
        for sku in ["sku-1", "sku-2"] {
            try await store.addReferences([.fixture("one")], to: sku)
            try await store.keepBank(of: sku, version: 1)
        }
        try await store.tamper(
            """
            CREATE TEMP TABLE had AS SELECT id, wrappedDataKey, keptName FROM referenceBank;
            DROP INDEX referenceBankByKeptName;
            UPDATE referenceBank SET (wrappedDataKey, keptName) =
              (SELECT had.wrappedDataKey, had.keptName FROM had WHERE had.id <> referenceBank.id)
            """)
        await #expect(throws: CaseStoreError.reference(.bankBroken)) {
            try await store.bank(version: 1)
        }
    }

    @Test func tenantsDoNotSeeEachOthers() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let other = store.forTenant(try #require(Tenant("other")))
        let id = try await store.addReferences([.fixture("one")], to: "sku-1").photos[0].id

        #expect(try await other.references(of: "sku-1") == [])
        #expect(try await other.referenceProduct("sku-1") == nil)
        await #expect(throws: CaseStoreError.reference(.notFound(id))) {
            try await other.bytes(of: id)
        }
        await #expect(throws: CaseStoreError.reference(.notFound(id))) {
            try await other.removeReferences(.photo(id), of: "sku-1")
        }
        #expect(try await other.removeReferences(.all, of: "sku-1") == 0)
        #expect(try await store.references(of: "sku-1").count == 1)
    }

    /// Shops use the same numbers for different things.
    @Test func tenantsAreComparedWithTheirOwn() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let other = store.forTenant(try #require(Tenant("other")))
        try await store.addReferences(
            [.fixture("one"), .fixture("packed", role: .packing, order: "o-1")], to: "sku-1")
        try await store.addReferences([.fixture("next")], to: "sku-2")
        try await store.keepBank(version: 1, scoreRatios: [0.5, 1.5])
        try await other.addReferences([.fixture("two", view: .back)], to: "sku-1")

        let found = try #require(try await other.state(of: "sku-1", order: "o-1"))
        #expect(found.views == [.back: 1] && found.ownPhotos == [] && found.neighbours == [])
        #expect(try await other.bank(version: 1) == nil)
        #expect(try await other.referenceScoreRatios(featureVersion: "f1") == [])
        #expect(try await other.removeReferences(.all, of: "sku-1") == 1)
        #expect(try await store.bank(version: 1) == Data("bank".utf8))
        #expect(try await store.referenceProduct("sku-1")?.version == 1)
    }
}
