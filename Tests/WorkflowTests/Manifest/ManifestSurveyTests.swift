import Foundation
import TestSupport
import Testing
import Workflow

struct ManifestSurveyTests {
    private func survey(
        _ items: [String], filterByteCount: Int = NameFilter.byteCount
    ) throws -> ManifestSurvey {
        let folder = try TemporaryFolder()
        let rows = items.map { "photo.jpg,\($0)\n" }.joined()
        let file = try folder.write("path,item\n" + rows, to: "items.csv")
        return try ManifestSurvey(path: file.path, filterByteCount: filterByteCount)
    }

    @Test func countsItemsNotRows() throws {
        #expect(try survey(["A", "A", "B", "C", "C"]).itemCount == 3)
        #expect(try survey([]).itemCount == 0)
    }

    @Test func findsAnItemWhoseRowsAreScattered() {
        #expect(throws: ManifestError.scatteredItem(line: 4, item: "X")) {
            try survey(["X", "Y", "X"])
        }
    }

    @Test func findsAMistakeOnTheLastLine() {
        #expect(throws: ManifestError.missingPath(line: 3)) {
            let folder = try TemporaryFolder()
            let file = try folder.write("path,item\na.jpg,A\n,B\n", to: "items.csv")
            _ = try ManifestSurvey(path: file.path)
        }
    }

    /// A filter of 64 bits takes almost every name for a known one: the suspects are then cleared.
    @Test(arguments: [8, 64, 1 << 20])
    func aFilterThatIsTooSmallCostsTimeAndNothingElse(byteCount: Int) throws {
        let items = (0..<12_000).map { "item-\($0)" }
        #expect(try survey(items, filterByteCount: byteCount).itemCount == items.count)
        #expect(throws: ManifestError.scatteredItem(line: 12_002, item: "item-11")) {
            try survey(items + ["item-11"], filterByteCount: byteCount)
        }
    }

    @Test func namesThatOnlyLookAlikeAreTwoItems() throws {
        #expect(try survey(["caf\u{E9}", "box", "cafe\u{301}"]).itemCount == 3)
    }

    @Test func theFilterNeverForgetsAName() {
        var filter = NameFilter(byteCount: 1 << 16)
        let names = (0..<5_000).map { "name \($0)" }
        let suspectCount = names.count { filter.insert($0) }
        #expect(names.allSatisfy { filter.insert($0) })
        // 5,000 names in 524,288 bits, four bits each: (1 - e^(-4/104.9))^4 = 2 in a million.
        #expect(suspectCount < 10)
    }
}
