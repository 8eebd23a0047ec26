import CaseStore
import Testing

@Suite struct ErasureRulesTests {
    let directory = TemporaryDirectory()

    /// A table that names a case, a task, an order or a photo is either erased or says why not.
    @Test func everyTableThatNamesACaseHasARule() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let tables = try await store.tablesNamingCases()
        #expect(tables.contains("photo") && tables.contains("inspection"))
        #expect(tables.filter { !CaseStore.tablesKnownToErasure.contains($0) } == [])
    }
}
