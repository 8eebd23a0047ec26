import CaseStore
import Foundation
import ReturnsDomain

/// The bytes of a picture that can be told from others.
func referencePicture(_ name: String) -> Data {
    Data("picture \(name), ".utf8) + Data(repeating: 9, count: 800)
}

extension NewReferencePhoto {
    /// A photo that can be told from others by its name.
    static func fixture(
        _ name: String, view: PhotoView = .front, role: ReferenceRole = .pristine,
        order: String? = nil, inspection: InspectionID? = nil
    ) -> NewReferencePhoto {
        let bytes = referencePicture(name)
        let zeros = [UInt8](repeating: 0, count: 32)
        return NewReferencePhoto(
            role: role, orderID: order, inspection: inspection,
            photo: ReceivedPhoto(
                index: 0, sha256: ContentHash(digest: (Array(name.utf8) + zeros).prefix(32)),
                byteCount: bytes.count, view: view, format: "jpeg", width: 640, height: 480,
                removedMetadata: [], keptBytes: bytes))
    }
}

extension CaseStore {
    /// What there is to compare an item with.
    func state(of sku: String, order: String? = nil) async throws -> ReferenceState? {
        try await referenceState(of: sku, orderID: order, featureVersion: "f1")
    }

    /// Keeps a bank of the front.
    func keepBank(
        of sku: String = "sku-1", version: Int, bytes: Data = Data("bank".utf8),
        scoreRatios: [Double] = []
    ) async throws {
        try await keepReferenceBank(
            bytes, of: sku, view: .front, featureVersion: "f1", version: version, photoCount: 1,
            scoreRatios: scoreRatios)
    }

    /// The bank of the front of `sku-1`.
    func bank(version: Int, features: String = "f1") async throws -> Data? {
        try await referenceBank(
            of: "sku-1", view: .front, featureVersion: features, version: version)
    }
}

extension TemporaryDirectory {
    /// The sealed files, with those of banks.
    func photoFiles() throws -> [String] {
        try contents().keys.filter {
            $0.hasPrefix("photos/") && !$0.contains("pending")
        }.sorted()
    }
}
