import Foundation
import TestSupport
import Testing
import Workflow

struct FolderPagesTests {
    private func names(_ folder: TemporaryFolder, pageCount: Int) -> [String]? {
        guard var pages = FolderPages(path: folder.url.path, pageCount: pageCount) else {
            return nil
        }
        var names: [String] = []
        while let entry = pages.next() { names.append(entry.name) }
        return names
    }

    @Test(arguments: [1, 2, 7, 100, 101, 1000])
    func everyPageSizeGivesTheSameNamesInTheOrderOfTheirBytes(pageCount: Int) throws {
        let folder = try TemporaryFolder()
        let expected = (0..<100).map { "\($0)-\($0 * 7919 % 101).jpg" } + ["É.jpg", "e\u{301}"]
        for name in expected.shuffled() { try folder.write("x", to: name) }
        try folder.write("x", to: ".hidden")
        let ordered = expected.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(names(folder, pageCount: pageCount) == ordered)
    }

    @Test func tellsFilesFromFoldersAndLeavesLinksAlone() throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "a/file")
        try folder.write("x", to: "b")
        try FileManager.default.createSymbolicLink(
            at: folder.file("c"), withDestinationURL: folder.file("b"))
        var pages = try #require(FolderPages(path: folder.url.path))
        #expect(pages.next()?.kind == .folder)
        #expect(pages.next()?.kind == .file)
        #expect(pages.next()?.kind == .other)
        #expect(pages.next() == nil)
    }

    @Test func aFolderThatIsNotThereCannotBeListed() throws {
        #expect(FolderPages(path: try TemporaryFolder().file("none").path) == nil)
    }

    /// Linux takes any bytes for a name; two that are no UTF-8 must not become one.
    @Test func namesThatAreNoTextStayDifferent() throws {
        let folder = try TemporaryFolder()
        for byte in [UInt8(0xFE), 0xFF] {
            let path = (Array(folder.url.path.utf8) + Array("/p".utf8) + [byte, 0]).map {
                CChar(bitPattern: $0)
            }
            let descriptor = unsafe open(path, O_CREAT | O_WRONLY, 0o600)
            #expect(descriptor >= 0)
            close(descriptor)
        }
        #expect(names(folder, pageCount: 10) == ["p\\xfe", "p\\xff"])
    }
}
