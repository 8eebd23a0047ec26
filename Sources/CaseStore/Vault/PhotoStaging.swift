public import Foundation
public import ReturnsDomain
import Synchronization

/// Photos of one item that are sealed and put on the disk while the item is still inspected, so
/// that recording it waits for the disk only where inspecting was the faster.
///
/// They are sealed with the key that the inspection will have. Until its transaction names them
/// they lie under notes, as the files of any transaction under way do, and what nobody comes for is
/// swept like theirs once it is old. An inspection that takes half as long is therefore not
/// recorded: its files may be gone before its transaction is there.
public final class PhotoStaging: Sendable {
    /// Whose photos they will be.
    public let inspection: InspectionID
    /// The inspection's secrets, drawn here because its photos come first.
    let secrets = InspectionSecrets.random()

    private let owner: SealOwner
    private let vault: PhotoVault
    private let work: FileWork
    private let end: ContinuousClock.Instant
    private let writing = Mutex<[Int: Task<StagedPhoto, any Error>]>([:])

    init(
        of inspection: InspectionID, tenant: Tenant, vault: PhotoVault, work: FileWork,
        lasting: Duration
    ) {
        self.inspection = inspection
        owner = SealOwner(tenant: tenant, inspection: inspection)
        self.vault = vault
        self.work = work
        end = .now.advanced(by: lasting)
    }

    /// Begins to put a photo on the disk and returns at once.
    ///
    /// - Parameters:
    ///   - bytes: What is to be kept, metadata cut.
    ///   - index: The photo's position among the item's photos; each at most once.
    public func add(_ bytes: Data, index: Int) {
        let (key, owner, vault, work) = (secrets.dataKey, owner, vault, work)
        let task = Task {
            try await work.run {
                let photo = PhotoVault.SealedPhoto(
                    name: PhotoVault.names(count: 1)[0],
                    bytes: try Seal.close(bytes, with: key, for: owner, part: "photo-\(index)"))
                let kept = PreparedRecord.Kept(
                    name: photo.name, sha256: sha256(bytes), byteCount: bytes.count)
                return StagedPhoto(kept: kept, group: try vault.write([photo]))
            }
        }
        writing.withLock { writing in
            precondition(writing[index] == nil, "photo \(index) is staged twice")
            writing[index] = task
        }
    }

    /// Removes everything; for an item that will not be recorded.
    public func discard() async {
        for task in writing.withLock({ Array($0.values) }) {
            guard let photo = try? await task.value else { continue }
            await discard(photo)
        }
    }

    /// All that was added, by index, once it is on the disk.
    ///
    /// - Throws: What kept one of them from the disk, or that they have waited for too long.
    func photos() async throws -> [Int: StagedPhoto] {
        var photos: [Int: StagedPhoto] = [:]
        for (index, task) in writing.withLock({ $0 }) { photos[index] = try await task.value }
        guard ContinuousClock.now < end else {
            throw CaseStoreError.fileSystem(
                operation: "keep", path: vault.folder.path,
                reason: "photos waited there for their inspection for longer than the half of "
                    + "\(PhotoVault.pendingSecondsLimit) s; try again")
        }
        return photos
    }

    /// Lets those photos stay that a durable transaction names, and removes the others.
    func settle(named indexes: Set<Int>) async {
        for (index, task) in writing.withLock({ $0 }) {
            guard let photo = try? await task.value else { continue }
            if indexes.contains(index) {
                try? await work.run { [vault] in vault.keep(photo.group) }
            } else {
                await discard(photo)
            }
        }
    }

    private func discard(_ photo: StagedPhoto) async {
        // What cannot be removed now is swept later.
        try? await work.run { [vault] in vault.discard(photo.group) }
    }
}

/// A photo on the disk that no transaction names yet.
struct StagedPhoto: Sendable {
    let kept: PreparedRecord.Kept
    let group: PhotoVault.Group
}

extension CaseStore {
    /// A place for the photos of an item that is about to be inspected.
    ///
    /// - Parameter inspection: The id that its record will have.
    public func photoStaging(for inspection: InspectionID) -> PhotoStaging {
        photoStaging(for: inspection, lasting: .seconds(PhotoVault.pendingSecondsLimit / 2))
    }

    /// The same with another limit on how long they may wait; for tests.
    package func photoStaging(
        for inspection: InspectionID, lasting: Duration
    ) -> PhotoStaging {
        PhotoStaging(
            of: inspection, tenant: tenant, vault: vault, work: photoWork, lasting: lasting)
    }
}
