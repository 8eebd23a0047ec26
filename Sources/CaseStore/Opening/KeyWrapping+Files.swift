import Crypto
import Foundation

extension KeyWrapping {
    /// Reads the wrapping key `wrapping.key`, or makes it, and the earlier ones.
    ///
    /// Those of the form `wrapping-NAME.key` are there while a rotation is under way, or because a
    /// restored older backup needs them.
    static func load(from folder: URL, mayCreate: Bool) throws -> KeyWrapping {
        let current = try KeyFile(.wrapping, in: folder).loadOrCreate(mayCreate: mayCreate)
        let earlier = try earlierFiles(in: folder).map {
            try KeyFile(.wrapping, file: $0).loadOrCreate(mayCreate: false)
        }
        return KeyWrapping(current, earlier: earlier)
    }

    /// The files of wrapping keys that only unwrap.
    static func earlierFiles(in folder: URL) -> [URL] {
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).filter {
            $0.lastPathComponent.hasPrefix("wrapping-") && $0.pathExtension == "key"
        }
    }
}
