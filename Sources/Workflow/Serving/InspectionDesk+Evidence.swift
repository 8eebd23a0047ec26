import CaseStore
public import Foundation
import Imaging
import Inspection
public import ReturnsDomain

extension InspectionDesk {
    /// The longer side of the pictures that are drawn, in pixels.
    private static let heatMapSide = 1_024

    /// A kept photo, drawn anew as a JPEG at full size; audited.
    ///
    /// Drawn anew, because the file received may be something else as well as a picture.
    ///
    /// - Throws: ``Failure`` with code `inspection_not_found` or `photo_not_kept`.
    public func photo(
        _ index: Int, of id: InspectionID, tenant: Tenant, viewer: APIKeyID
    ) async throws -> Data {
        try await evidence(index, id, tenant, viewer, as: "photo", draw: Self.drawn)
    }

    /// A kept photo of a task's case, drawn anew as a JPEG at full size; audited.
    ///
    /// - Parameters:
    ///   - reviewer: The name of the reviewer who looks; nil for whoever has the key.
    ///   - viewer: The key that signed in.
    /// - Throws: ``Failure`` with code `task_not_found`, `photo_not_kept` or `reviewer_unknown`.
    public func photo(
        _ index: Int, of task: ReviewTaskID, tenant: Tenant, reviewer: String?, viewer: APIKeyID
    ) async throws -> Data {
        let inspection = try await casebook(of: tenant).reviewTask(task).inspection
        return try await evidence(
            index, inspection, tenant, viewer, reviewer: reviewer, as: "photo", draw: Self.drawn)
    }

    /// Draws a picture anew at full size.
    @Sendable
    private static func drawn(_ bytes: [UInt8], by inspector: PhotoInspector) throws -> Data {
        Data(try JPEGEncoder().encode(try inspector.picture(of: bytes)))
    }

    /// A kept photo with the evidence of damage drawn over it, as a PNG; audited.
    ///
    /// Computed by the model that is in use now, which the adjudication may be older than.
    ///
    /// - Throws: As ``photo(_:of:tenant:viewer:)``, and code `overloaded` while the queue is long:
    ///   items come first.
    public func heatMap(
        _ index: Int, of id: InspectionID, tenant: Tenant, viewer: APIKeyID
    ) async throws -> Data {
        guard drawsHeatMaps else {
            observe(.shed(.withoutHeatMap))
            throw Failure(
                .unavailable, code: "overloaded",
                "heat maps are drawn again when the queue is short")
        }
        let side = Self.heatMapSide
        // What stands in the way is told by the look itself, and a map without them is one too.
        let (references, view) =
            (try? await references(of: id, photo: index, tenant)) ?? (nil, .other)
        return try await evidence(index, id, tenant, viewer, as: "heatmap") { bytes, inspector in
            let map = try inspector.heatMap(
                of: bytes, index: index, view: view, references: references)
            let picture = try inspector.picture(
                of: bytes, covering: PixelSize(width: side, height: side)
            ).shrunk(toSide: side)
            let overlay = HeatMapOverlay().drawn(
                Imaging.HeatMap(width: map.width, height: map.height, values: map.values),
                over: picture)
            return Data(try PNGEncoder().encode(overlay))
        }
    }

    /// What a photo of a case was compared with, and which side it shows.
    private func references(
        of id: InspectionID, photo index: Int, _ tenant: Tenant
    ) async throws -> (ItemReferences?, PhotoView) {
        let casebook = casebook(of: tenant)
        guard let adjudication = try await casebook.store.adjudication(of: id) else {
            return (nil, .other)
        }
        let view = adjudication.photos.first { $0.index == index }?.view ?? .other
        return (try await inspector.references(of: adjudication, in: casebook), view)
    }

    private func evidence(
        _ index: Int, _ id: InspectionID, _ tenant: Tenant, _ viewer: APIKeyID,
        reviewer: String? = nil, as purpose: String,
        draw: @escaping @Sendable ([UInt8], PhotoInspector) throws -> Data
    ) async throws -> Data {
        let store = store(of: tenant)
        return try await Casebook.failing {
            let bytes = try await store.viewPhoto(
                index, of: id, actor: .key(viewer), reviewer: reviewer, purpose: purpose)
            exportSoon()
            return try await inspector.perform { try draw([UInt8](bytes), $0) }
        }
    }
}
