import Foundation
import TestSupport
import Testing
import Workflow

struct PhotoTreeTests {
    @Test func walksInOrderOfNamesWithoutHiddenFilesAndLinks() throws {
        let folder = try TemporaryFolder()
        for path in ["b.jpg", "a/2.jpg", "a/1.jpg", ".hidden.jpg", "a/.cache/x.jpg", "c/d/e.png"] {
            let file = folder.url.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("x".utf8).write(to: file)
        }
        try FileManager.default.createSymbolicLink(
            at: folder.url.appending(path: "loop"), withDestinationURL: folder.url)
        #expect(
            Array(PhotoTree(root: folder.url.path)) == ["a/1.jpg", "a/2.jpg", "b.jpg", "c/d/e.png"])
    }

    @Test func yieldsNothingForAnEmptyFolder() throws {
        #expect(Array(PhotoTree(root: try TemporaryFolder().url.path)).isEmpty)
    }
}
