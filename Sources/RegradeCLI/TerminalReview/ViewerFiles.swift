import Foundation
import Synchronization
import Workflow

/// Photos opened in another program, from files that only the owner can read and that go when the
/// case goes.
final class ViewerFiles: Sendable {
    private let folder = Mutex<URL?>(nil)
    private let command: String

    init(environment: [String: String]) {
        let stated = environment["REGRADE_VIEWER", default: ""]
        command = stated.isEmpty ? "xdg-open" : stated
    }

    /// Writes a photo and starts the viewer, without waiting for it.
    ///
    /// - Returns: What the reviewer is told.
    /// - Throws: ``Failure`` if the file cannot be written or the program not started.
    func open(_ bytes: Data, named name: String) throws -> String {
        let file = try place().appending(path: name)
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: bytes, attributes: [.posixPermissions: 0o600])
        else {
            throw Failure(
                .cannotCreateOutput, code: "output_not_created", "\(file.path) cannot be written")
        }
        let viewer = Process()
        viewer.executableURL = URL(filePath: "/usr/bin/env")
        // The words of the setting are the program and its flags; no shell reads the file's name.
        viewer.arguments = command.split(separator: " ").map(String.init) + [file.path]
        viewer.standardInput = FileHandle.nullDevice
        viewer.standardOutput = FileHandle.nullDevice
        viewer.standardError = FileHandle.nullDevice
        do {
            try viewer.run()
        } catch {
            throw Failure(
                .unavailable, code: "viewer_not_started",
                "\(command) cannot be started; set REGRADE_VIEWER")
        }
        return "opened in \(command)"
    }

    /// Removes all files.
    func removeAll() {
        folder.withLock { folder in
            // Nothing can be done about a file that will not go; the folder is the owner's alone.
            if let folder { try? FileManager.default.removeItem(at: folder) }
            folder = nil
        }
    }

    private func place() throws -> URL {
        try folder.withLock { folder in
            if let folder { return folder }
            let made = FileManager.default.temporaryDirectory
                .appending(path: "regrade-review-\(UUID().uuidString)")
            do {
                try FileManager.default.createDirectory(
                    at: made, withIntermediateDirectories: false,
                    attributes: [.posixPermissions: 0o700])
            } catch {
                throw Failure(
                    .cannotCreateOutput, code: "output_not_created",
                    "\(made.path) cannot be made: \(error.localizedDescription)")
            }
            folder = made
            return made
        }
    }
}
