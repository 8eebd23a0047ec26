import Foundation
import Imaging
import ReturnsDomain

/// Writes pictures that show where in each photo the evidence of damage lies.
public struct HeatMapFiles {
    private let folder: String
    private let limits: DecodingLimits

    /// Large enough to see a scratch, small enough to send by mail.
    private static let side = 1024

    /// Names the folder; it is made when the first picture is written.
    public init(folder: String, settings: Settings) {
        self.folder = folder
        limits = settings.decodingLimits
    }

    /// Writes one PNG per judged photo, named after the photo: `box.jpg` → `0-box.heatmap.png`.
    ///
    /// - Throws: ``Failure`` of kind `cannotCreateOutput`, or as for a photo that cannot be
    ///   decoded.
    public func write(_ item: InspectedItem, of submission: ItemSubmission) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .cannotCreateOutput, code: "output_not_created",
                "folder \(folder) cannot be made: \(error.localizedDescription)")
        }
        let decoder = PhotoDecoder(limits: limits)
        for (photo, map) in zip(item.adjudication.photos, item.heatMaps) {
            let source = URL(fileURLWithPath: submission.photos[photo.index].path)
            do {
                let bytes = try PhotoIntake.bytes(of: source.path, limits: limits)
                let picture = try decoder.decode(
                    bytes, covering: PixelSize(width: Self.side, height: Self.side)
                ).image.shrunk(toSide: Self.side)
                let overlay = HeatMapOverlay().drawn(
                    Imaging.HeatMap(width: map.width, height: map.height, values: map.values),
                    over: picture)
                let name = source.deletingPathExtension().lastPathComponent
                let file = "\(folder)/\(photo.index)-\(name).heatmap.png"
                try Data(try PNGEncoder().encode(overlay)).write(to: URL(fileURLWithPath: file))
            } catch {
                throw Failure(describing: error)
            }
        }
    }
}

extension RGBImage {
    /// The picture with its longer side at most `side` pixels.
    func shrunk(toSide side: Int) -> RGBImage {
        let longer = max(width, height)
        guard longer > side else { return self }
        return resized(
            to: PixelSize(
                width: max(1, width * side / longer), height: max(1, height * side / longer)))
    }
}
