import Foundation
import ReturnsDomain
import TestSupport
import Testing
import Workflow

struct ManifestReaderTests {
    private func entries(_ text: String) throws -> [BatchEntry] {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "items.csv")
        try Data(text.utf8).write(to: file)
        var reader = try ManifestReader(path: file.path)
        var entries: [BatchEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }

    @Test func readsOrderDataAndGroupsPhotosOfOneItem() throws {
        let entries = try entries(
            """
            item,path,view,category,value,currency
            A,a/front.jpg,front,phone,12900,EUR
            A,a/back.jpg,back,,,
            ,/else/where.png,,box,,
            """)
        #expect(entries.map(\.item) == ["A", "/else/where.png"])
        #expect(entries[0].paths == ["a/front.jpg", "a/back.jpg"])
        #expect(entries[0].submission.photos.map(\.view) == [.front, .back])
        #expect(
            entries[0].submission.order.value == Money(minorUnits: 12900, currency: "EUR"))
        #expect(entries[0].submission.photos[0].path.hasSuffix("/a/front.jpg"))
        #expect(entries[0].submission.photos[0].path.hasPrefix("/"))
        #expect(entries[1].submission.photos[0].path == "/else/where.png")
        #expect(entries[1].submission.order.category == "box")
    }

    @Test func namesEveryUnknownColumn() {
        let error = #expect(throws: ManifestError.self) {
            try entries("path,colour,size\nx,red,3\n")
        }
        #expect(
            error?.description.hasPrefix("the manifest has unknown columns colour, size; known are")
                == true)
    }

    @Test(arguments: [
        ("", ManifestError.noHeader),
        ("view\nfront\n", .missingPathColumn),
        ("path,path\na,b\n", .duplicateColumn("path")),
        ("path,view\na\n", .wrongFieldCount(line: 2, count: 1, expected: 2)),
        ("path,view\n,front\n", .missingPath(line: 2)),
        ("path,view\na,top\n", .unknownView(line: 2, view: "top")),
        (
            "path,item,sku\na,X,1\nb,X,2\n",
            .contradiction(line: 3, item: "X", member: "order data")
        ),
    ])
    func refusesAWrongManifest(text: String, expected: ManifestError) {
        #expect(throws: expected) { try entries(text) }
    }

    @Test func namesEveryMistakeInOrderData() {
        let error = #expect(throws: ManifestError.self) {
            try entries("path,region,value,currency\na,de,12.90,EUR\n")
        }
        #expect(
            error?.description
                == "manifest line 2: region: is 'de', expected two capital letters such as DE "
                + "(ISO 3166-1); value: is '12.90', expected minor units (cents) from 0 to "
                + "1000000000000")
    }

    @Test func holdsTheLimitOfPhotosPerItem() throws {
        let limit = ItemSubmission.photoCountLimit
        let rows = (0..<limit).map { "\($0).jpg,X\n" }.joined()
        #expect(try entries("path,item\n" + rows)[0].paths.count == limit)
        #expect(throws: ManifestError.tooManyPhotos(item: "X", limit: limit)) {
            try entries("path,item\n" + rows + "more.jpg,X\n")
        }
    }
}
