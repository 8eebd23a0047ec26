import CaseStore
import Foundation
public import ReturnsDomain

/// Work on a data directory as a whole: backup, restore, keys.
public enum RecordKeeping {
    /// Puts a backup in the place of the record in a data directory, which nothing else may have
    /// open.
    ///
    /// - Throws: ``Failure`` naming what is wrong; then the old record is as it was.
    public static func restore(from file: String, into directory: String) async throws
        -> RestoreReport
    {
        guard FileManager.default.fileExists(atPath: file) else {
            throw Failure(.inputMissing, code: "no_backup", "there is no \(file)")
        }
        return try await Casebook.failing {
            try await CaseStore.restore(
                from: URL(fileURLWithPath: file), into: URL(fileURLWithPath: directory))
        }
    }

    /// Replaces the wrapping key of a data directory, which nothing else may have open.
    public static func rotateWrappingKey(in directory: String) async throws -> KeyRotationReport {
        try await Casebook.failing {
            try await CaseStore.rotateWrappingKey(at: URL(fileURLWithPath: directory))
        }
    }

    /// Replaces the key that signs the audit logs of a data directory, which nothing else may have
    /// open; the old one is destroyed.
    public static func rotateSigningKey(
        in directory: String
    ) async throws -> SigningKeyRotationReport {
        try await Casebook.failing {
            try await CaseStore.rotateSigningKey(at: URL(fileURLWithPath: directory))
        }
    }
}

extension Casebook {
    /// Writes a backup to a new file while work goes on.
    public func backup(to file: String) async throws -> BackupReport {
        try await changing { try await $0.backup(to: URL(fileURLWithPath: file)) }
    }
}
