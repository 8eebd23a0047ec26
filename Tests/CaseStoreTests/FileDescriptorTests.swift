import CaseStore
import Foundation
import Testing

/// Files that refuse: what was not written, or not made durable, is never taken for done.
@Suite struct FileDescriptorTests {
    @Test func aWriteWithoutSpaceIsAnError() throws {
        // Every write to this device fails with ENOSPC, as on a full disk: full(4).
        let file = URL(fileURLWithPath: "/dev/full")
        let descriptor = FileDescriptor(unsafe open(file.path, O_WRONLY), file)
        #expect(throws: CaseStoreError.self) { try descriptor.write(Data("a line".utf8)) }
    }

    @Test func aSyncThatFailsIsAnError() throws {
        // A pipe cannot be made durable: fsync(2) fails with EINVAL.
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        defer { close(ends[0]) }
        let descriptor = FileDescriptor(ends[1], URL(fileURLWithPath: "/a/pipe"))
        #expect(throws: CaseStoreError.self) { try descriptor.sync() }
    }
}
