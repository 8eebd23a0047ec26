import Foundation
import ReturnsDomain
import Testing

/// Identifiers, times and tenants: what ends up in keys and file names.
struct IdentifierTests {
    static let moment = Timestamp(millisecondsSince1970: 1_795_223_547_045)

    @Test func identifiersSortByTime() {
        let earlier = InspectionID(at: Self.moment)
        let later = InspectionID(at: Self.moment.advanced(by: .milliseconds(1)))
        #expect(earlier < later)
        #expect(earlier.description < later.description)
        #expect(earlier.description.utf8.count == "insp_".utf8.count + 26)
    }

    @Test func identifiersOfOneMomentDiffer() {
        let identifiers = (0..<1_000).map { _ in ReviewTaskID(at: Self.moment) }
        #expect(Set(identifiers).count == 1_000)
    }

    @Test(arguments: [
        "", "insp_", "rev_01KAJ2Q8C0S5V9N4T7W1X3Y6Z8", "insp_01KAJ2Q8C0S5V9N4T7W1X3Y6Z",
        "insp_01KAJ2Q8C0S5V9N4T7W1X3Y6ZI", "insp_01kaj2q8c0s5v9n4t7w1x3y6z8",
        "insp-01KAJ2Q8C0S5V9N4T7W1X3Y6Z8", "insp_../../../../../etc/passwd",
    ])
    func textThatIsNoIdentifierIsRefused(text: String) {
        #expect(InspectionID(text) == nil)
    }

    @Test func identifiersSurviveJSON() throws {
        let identifiers = [InspectionID(at: Self.moment)]
        let bytes = try JSONEncoder().encode(identifiers)
        #expect(try JSONDecoder().decode([InspectionID].self, from: bytes) == identifiers)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([ReviewTaskID].self, from: bytes)
        }
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-11-21T01:12:27.045Z", 1_795_223_547_045),
        ("2026-11-21T01:12:27Z", 1_795_223_547_000), ("1969-12-31T23:59:59.999Z", -1),
    ])
    func timesAreRFC3339InUTC(text: String, milliseconds: Int64) throws {
        let time = try #require(Timestamp(text))
        #expect(time.millisecondsSince1970 == milliseconds)
        #expect(Timestamp(time.description) == time)
    }

    @Test func everyMillisecondIsReadAsItIsWritten() throws {
        for offset in 0..<5_000 {
            // A step that is no multiple of 1000 meets every fraction.
            let time = Timestamp(
                millisecondsSince1970: 1_795_223_547_045 + Int64(offset) * 86_413_777)
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test(arguments: [
        "", "yesterday", "2026-11-21", "2026-11-21T01:12:27+01:00", "2026-13-01T00:00:00Z",
    ])
    func textThatIsNoTimeInUTCIsRefused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: [
        ("default", true), ("a", true), ("shop-2", true), ("", false), ("2shop", false),
        ("Shop", false), ("a/b", false), ("..", false), (String(repeating: "a", count: 64), true),
        (String(repeating: "a", count: 65), false),
    ])
    func tenantsAreFitForAFolderName(name: String, isTenant: Bool) {
        #expect((Tenant(name) != nil) == isTenant)
    }

    @Test func reasonCodesAreStable() {
        // Renaming or removing a code breaks every stored document and policy: only add.
        #expect(ReasonCode.allCases.count == 52)
        #expect(ReasonCode.listVersion == 5)
        #expect(Outcome.final == [.resell, .refurbish, .reject])
    }
}
