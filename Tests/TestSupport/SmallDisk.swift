import Foundation

/// A real file system of a few MiB in memory, mounted for one test.
public final class SmallDisk: Sendable {
    /// Where it is mounted.
    public let folder: TemporaryFolder

    /// Whether this machine lets a test mount one; says so once if it does not.
    public static let canBeMounted: Bool = {
        let works = (try? SmallDisk(byteCount: 1 << 20)) != nil
        if !works { print("skipped: no file system may be mounted here (it takes root)") }
        return works
    }()

    /// Mounts one of this size.
    public init(byteCount: Int) throws {
        folder = try TemporaryFolder()
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(byteCount)", "none", folder.url.path)
    }

    deinit {
        // Detached even if a program still has a file open there.
        try? Self.run("umount", "--lazy", folder.url.path)
    }

    /// Makes it larger or smaller while it is in use.
    public func resize(to byteCount: Int) throws {
        try Self.run("mount", "-o", "remount,size=\(byteCount)", folder.url.path)
    }

    /// Bytes that are free now.
    public func freeByteCount() throws -> Int {
        let attributes = try FileManager.default.attributesOfFileSystem(
            forPath: folder.url.path)
        return (attributes[.systemFreeSize] as? NSNumber)?.intValue ?? 0
    }

    /// Runs a program of the system; throws if it fails.
    private static func run(_ name: String, _ arguments: String...) throws {
        guard try ChildProcess.run([name] + arguments, messages: "/dev/null") == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }
}
