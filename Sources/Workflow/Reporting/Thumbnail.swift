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
    /// The heat map comes from the shelf; it is computed if it is not there.
    ///
    /// - Returns: Nil if the file is not the one that was inspected any more.
    init?(
        path: String, sha256: ContentHash, limits: DecodingLimits, inspector: PhotoInspector,
        shelf: AssessmentShelf
    ) throws {
        let bytes = try PhotoIntake.bytes(of: path, limits: limits)
        guard Digest.contentHash(of: bytes) == sha256 else { return nil }
        let assessment =
            try shelf.assessment(of: sha256, index: 0, view: .other)
            ?? inspector.assess(bytes, index: 0, view: .other).0
        try self.init(bytes: bytes, map: assessment.heatMap, limits: limits)
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
        path: String, sha256: ContentHash, shelf: AssessmentShelf
    ) async -> Thumbnail? {
        // A page without one picture is still the page; it says that the picture is not at hand.
        try? await workers.perform { [limits] inspector in
            try Thumbnail(
                path: path, sha256: sha256, limits: limits, inspector: inspector, shelf: shelf)
        }
    }
}
