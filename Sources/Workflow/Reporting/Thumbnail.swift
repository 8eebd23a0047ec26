import Foundation
import Imaging
import Inspection
import ReturnsDomain

/// A small picture of a photo, and the same with its heat map over it, as JPEG files.
struct Thumbnail: Sendable {
    /// The longer side, in pixels: enough to recognise the item on a page.
    static let side = 320
    private static let quality = 78

    let photo: [UInt8]
    let heatMap: [UInt8]

    /// Draws a photo; blocks, so it runs on a worker thread.
    ///
    /// The heat map comes from the shelf; it is computed if it is not there, or if the photo was
    /// compared with references.
    ///
    /// - Returns: Nil if the file is not the one that was inspected any more.
    init?(
        path: String, photo: AdjudicatedPhoto, references: ItemReferences?,
        limits: DecodingLimits, inspector: PhotoInspector, shelf: AssessmentShelf
    ) throws {
        let bytes = try PhotoIntake.bytes(of: path, limits: limits)
        guard Digest.contentHash(of: bytes) == photo.sha256 else { return nil }
        let known =
            references == nil
            ? shelf.assessment(of: photo.sha256, index: photo.index, view: photo.view) : nil
        let map =
            try known?.heatMap
            ?? inspector.heatMap(
                of: bytes, index: photo.index, view: photo.view, references: references)
        try self.init(bytes: bytes, map: map, limits: limits)
    }

    /// Draws a photo and its heat map; blocks, so it runs on a worker thread.
    init(bytes: [UInt8], map: ReturnsDomain.HeatMap, limits: DecodingLimits) throws {
        let picture = try PhotoDecoder(limits: limits).decode(
            bytes, covering: PixelSize(width: Self.side, height: Self.side)
        ).image.shrunk(toSide: Self.side)
        let overlay = HeatMapOverlay().drawn(
            Imaging.HeatMap(width: map.width, height: map.height, values: map.values),
            over: picture)
        let encoder = JPEGEncoder(quality: Self.quality)
        photo = try encoder.encode(picture)
        heatMap = try encoder.encode(overlay)
    }
}

extension Inspector {
    /// The thumbnail of a photo that was inspected; nil if the file is gone or another by now.
    func thumbnail(
        path: String, of item: BatchFindings.Item, shelf: AssessmentShelf, casebook: Casebook
    ) async -> Thumbnail? {
        let references = try? await references(of: item.adjudication, in: casebook)
        // A page without one picture is still the page; it says that the picture is not at hand.
        return try? await workers.perform { [limits] inspector in
            try Thumbnail(
                path: path, photo: item.photo, references: references, limits: limits,
                inspector: inspector, shelf: shelf)
        }
    }
}
