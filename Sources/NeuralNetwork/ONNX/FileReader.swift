internal import Foundation

/// Reads whole files under a limit.
enum FileReader {
    /// The bytes of a file; blocks.
    ///
    /// - Parameter what: What messages call the file.
    static func bytes(at path: String, what: String, limit: Int) throws(ModelError) -> Data {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let byteCount = (attributes[.size] as? NSNumber)?.intValue ?? 0
            guard byteCount <= limit else {
                throw ModelError.limitExceeded(
                    what: "size of the \(what) in bytes", value: byteCount, limit: limit)
            }
            return try Data(contentsOf: URL(filePath: path))
        } catch let error as ModelError {
            throw error
        } catch {
            throw .fileUnreadable(path: path, reason: FileFailure.describe(error))
        }
    }
}

/// What the operating system said, without the path that the message names already.
enum FileFailure {
    static func describe(_ error: any Error) -> String {
        let error = error as NSError
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError,
            cause.domain == NSPOSIXErrorDomain
        {
            return unsafe String(cString: strerror(Int32(truncatingIfNeeded: cause.code)))
        }
        let missing = [CocoaError.Code.fileReadNoSuchFile, .fileNoSuchFile].map(\.rawValue)
        return missing.contains(error.code) && error.domain == NSCocoaErrorDomain
            ? "No such file or directory" : error.localizedDescription
    }
}
