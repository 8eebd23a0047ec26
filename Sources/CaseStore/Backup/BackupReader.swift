import Foundation
import ReturnsDomain

/// Reads a backup front to back, with bounded memory.
struct BackupReader {
    private let file: URL

    init(_ file: URL) {
        self.file = file
    }

    /// Checks that every byte is as it was written; blocks.
    ///
    /// - Throws: ``CaseStoreError/backupInvalid(path:reason:)``.
    @discardableResult
    func check() throws -> BackupReport {
        let (manifest, byteCount) = try read { header, reader in
            try reader.contents(of: header) { _ in }
        }
        return manifest.report(byteCount: byteCount)
    }

    /// Unpacks into a folder and checks every byte; blocks.
    ///
    /// - Throws: ``CaseStoreError/backupInvalid(path:reason:)``; what was unpacked by then is not
    ///   to be used.
    func unpack(into folder: URL) throws -> (manifest: BackupManifest, report: BackupReport) {
        try FileSystem.createFolder(folder)
        var folders: Set<URL> = []
        var unsynced: [URL] = []
        let (manifest, byteCount) = try read { header, reader in
            let target = folder.appending(path: header.name)
            let parent = target.deletingLastPathComponent()
            if folders.insert(parent).inserted { try FileSystem.createFolder(parent) }
            let descriptor = try FileSystem.open(target, O_WRONLY | O_CREAT | O_EXCL)
            try reader.contents(of: header) { try descriptor.write($0) }
            unsynced.append(target)
            if unsynced.count == 64 { try Self.sync(&unsynced) }
        }
        try Self.sync(&unsynced)
        for folder in folders.union([folder, folder.appending(path: "photos")])
        where FileSystem.exists(folder) {
            try FileSystem.syncFolder(folder)
        }
        return (manifest, manifest.report(byteCount: byteCount))
    }

    /// Makes files durable, several at a time: they wait for the disk together.
    private static func sync(_ files: inout [URL]) throws {
        let group = files
        try FileWork.forEach(count: group.count) { index in
            try FileSystem.open(group[index], O_RDONLY).sync()
        }
        files = []
    }

    private func read(
        _ body: (TarHeader, inout TarReader) throws -> Void
    ) throws -> (BackupManifest, byteCount: Int64) {
        guard FileSystem.exists(file) else {
            throw CaseStoreError.backupInvalid(path: file.path, reason: "there is no such file")
        }
        var reader = try TarReader(file)
        var photoCount = 0
        while let header = try reader.next() {
            if header.name == BackupManifest.entryName {
                let manifest = try Self.manifest(header, &reader, photoCount: photoCount)
                guard try reader.next() == nil else {
                    throw reader.invalid("something follows its manifest")
                }
                return (manifest, reader.byteCountBefore + Int64(TarHeader.end.count))
            }
            guard BackupEntry.isKnown(header.name) else {
                throw reader.invalid("it holds '\(header.name)', which is no part of a backup")
            }
            if header.name != BackupEntry.database { photoCount += 1 }
            try body(header, &reader)
        }
        throw reader.invalid("it ends without a manifest")
    }

    private static func manifest(
        _ header: TarHeader, _ reader: inout TarReader, photoCount: Int
    ) throws -> BackupManifest {
        guard header.contentByteCount <= BackupManifest.byteCountLimit else {
            throw reader.invalid("its manifest is too long")
        }
        let (digest, byteCount) = (reader.digestBefore, reader.byteCountBefore)
        var bytes = Data()
        try reader.contents(of: header) { bytes += $0 }
        guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: bytes) else {
            throw reader.invalid("its manifest cannot be read")
        }
        guard manifest.schema == BackupManifest.schemaName else {
            throw reader.invalid("it is of the form '\(manifest.schema)'")
        }
        guard manifest.sha256 == digest, manifest.byteCount == byteCount,
            manifest.photoCount == photoCount
        else { throw reader.invalid("its contents are not those its manifest was written for") }
        return manifest
    }
}

extension BackupManifest {
    fileprivate func report(byteCount: Int64) -> BackupReport {
        BackupReport(
            createdAt: createdAt, byteCount: byteCount, photoCount: photoCount,
            missingPhotoCount: missingPhotoCount, sha256: sha256, heads: heads)
    }
}
