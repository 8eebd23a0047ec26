import Foundation
import TestSupport
import Testing
import Workflow

struct CSVReaderTests {
    private func records(_ text: String) throws -> [[String]] {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "table.csv")
        try Data(text.utf8).write(to: file)
        var reader = try CSVReader(path: file.path)
        var records: [[String]] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test(arguments: [
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
        ("\u{FEFF}a,b\n", [["a", "b"]]),
        ("\"a,1\",\"b \"\"quoted\"\"\"\n", [["a,1", "b \"quoted\""]]),
        ("\"two\nlines\",x\n", [["two\nlines", "x"]]),
        ("a,,c\n\n\nd,e,\n", [["a", "", "c"], ["d", "e", ""]]),
        ("", []),
        ("\"\",\n", [["", ""]]),
    ])
    func readsRecordsAsRFC4180Says(text: String, expected: [[String]]) throws {
        #expect(try records(text) == expected)
    }

    @Test func readsWhatItWrites() throws {
        let rows = [["plain", "with,comma"], ["with \"quotes\"", "two\nlines"], ["", "é ü 日本"]]
        #expect(try records(rows.map(csvRecord).joined()) == rows)
    }

    @Test func namesTheLineOfAMistake() {
        #expect(throws: ManifestError.unclosedQuote(line: 2)) { try records("a\n\"b\nc") }
        #expect(throws: ManifestError.textAfterQuote(line: 1)) { try records("\"a\"b\n") }
    }

    @Test func refusesBytesThatAreNoText() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "photo.jpg")
        try Data([0xFF, 0xD8, 0xFF, 0xE0, 0x0A]).write(to: file)
        var reader = try CSVReader(path: file.path)
        let error = #expect(throws: ManifestError.self) { try reader.next() }
        #expect(error == .notUTF8(line: 1))
    }

    @Test func refusesARecordOverTheLimit() throws {
        let limit = CSVReader.recordByteCountLimit
        let atLimit = String(repeating: "x", count: limit - 1) + "\n"
        #expect(try records(atLimit).count == 1)
        #expect(throws: ManifestError.recordTooLong(line: 1, limit: limit)) {
            try records("x" + atLimit)
        }
    }
}
