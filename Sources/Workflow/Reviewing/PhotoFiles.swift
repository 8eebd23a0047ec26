import Foundation
public import ReturnsDomain

/// Lets a person see the kept photos of a case: decrypted files in a folder of their own.
public struct PhotoFiles: Sendable {
    private let folder: String

    /// Names the folder; it is made, for the owner only, when photos are written.
    public init(folder: String) {
        self.folder = folder
    }

    /// Writes the kept photos of a task's inspection, as `0-front.jpg`, readable by the owner only.
    ///
    /// The audit log says who looked. Deleting the files is up to whoever looks.
    ///
    /// - Parameter reviewer: The reviewer's name; nil for whoever runs the command line.
    /// - Returns: The paths written; empty if the photos were not kept.
    public func write(
        photosOf task: ReviewTask, from queue: any ReviewQueue, reviewer: String?
    ) async throws -> [String] {
        let photos = try await queue.photos(of: task, reviewer: reviewer)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(
                .cannotCreateOutput, code: "output_not_created",
                "folder \(folder) cannot be made: \(error.localizedDescription)")
        }
        return try photos.map { index, bytes in
            let photo = task.adjudication.photos.first { $0.index == index }
            let fileExtension = bytes.starts(with: [0x89, 0x50]) ? "png" : "jpg"
            let path = "\(folder)/\(index)-\(photo?.view.rawValue ?? "other").\(fileExtension)"
            guard
                FileManager.default.createFile(
                    atPath: path, contents: bytes, attributes: [.posixPermissions: 0o600])
            else {
                throw Failure(
                    .cannotCreateOutput, code: "output_not_created", "\(path) cannot be written")
            }
            return path
        }
    }
}
