import Crypto
import Foundation

/// A file of one 256-bit secret: a line `regrade.NAME/1 BASE64`, mode 0600.
///
/// Valid only if: the owner alone may read it; the first word is the expected one; the second is
/// base64 of 32 bytes. A new file is written under a temporary name, synced and then linked, so
/// that two processes that start at once end with the same key and none ever reads half a key.
struct KeyFile {
    /// What it holds.
    enum Purpose: String {
        /// Wraps the data key of every inspection.
        case wrapping
        /// Signs checkpoints of the audit log (Ed25519 seed).
        case signing
    }

    let purpose: Purpose
    let file: URL

    init(_ purpose: Purpose, in folder: URL) {
        self.init(purpose, file: folder.appending(path: "\(purpose.rawValue).key"))
    }

    init(_ purpose: Purpose, file: URL) {
        self.purpose = purpose
        self.file = file
    }

    private var label: String { "regrade.\(purpose.rawValue)-key/1" }

    /// Reads the secret, or makes it if there is none.
    ///
    /// - Parameter mayCreate: False where a missing key means loss rather than a new directory.
    func loadOrCreate(mayCreate: Bool) throws(CaseStoreError) -> SymmetricKey {
        if let key = try load() { return key }
        guard mayCreate else { throw .keyFileMissing(path: file.path) }
        let fresh = SymmetricKey(size: .bits256)
        let temporary = file.appendingPathExtension("\(UUID().uuidString).new")
        let descriptor = try FileSystem.open(temporary, O_WRONLY | O_CREAT | O_EXCL)
        let line = "\(label) \(fresh.bytes.base64EncodedString())\n"
        try descriptor.write(Data(line.utf8))
        try descriptor.sync()
        let won = try FileSystem.link(temporary, to: file)
        try FileSystem.remove(temporary)
        try FileSystem.syncFolder(file.deletingLastPathComponent())
        if won { return fresh }
        guard let key = try load() else { throw .keyFileMissing(path: file.path) }
        return key
    }

    private func load() throws(CaseStoreError) -> SymmetricKey? {
        guard let status = FileSystem.status(file) else { return nil }
        guard status.mode & 0o077 == 0 else {
            let mode = "0" + String(status.mode, radix: 8)
            throw .keyFileExposed(path: file.path, mode: mode)
        }
        guard let contents = try FileSystem.contents(file) else { return nil }
        let words = String(decoding: contents, as: UTF8.self).split { $0 == " " || $0 == "\n" }
        guard words.count == 2, words[0] == label,
            let secret = Data(base64Encoded: String(words[1])), secret.count == 32
        else { throw .keyFileMalformed(path: file.path) }
        return SymmetricKey(data: secret)
    }
}

extension SymmetricKey {
    /// The secret itself.
    var bytes: Data {
        unsafe withUnsafeBytes { buffer in unsafe Data(buffer) }
    }
}
