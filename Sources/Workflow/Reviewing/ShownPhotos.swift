public import Foundation
public import Imaging
public import ReturnsDomain

/// The kept photos of one case in memory, decoded for a screen.
public struct ShownPhotos: Sendable {
    /// The longer side that pictures are decoded to: enough for a window full of screen.
    static let side = 1024

    /// One photo.
    struct Photo: Sendable {
        let index: Int
        let view: PhotoView
        let bytes: Data
        let image: RGBImage
        var heatMap: ReturnsDomain.HeatMap?
    }

    private(set) var photos: [Photo]
    /// What the machine made of the case.
    private let adjudication: Adjudication

    /// Fetches and decodes the photos of a case; the audit log says that the reviewer looks.
    ///
    /// A photo that cannot be decoded is left out.
    ///
    /// - Throws: ``Failure`` of kind `inputMissing` if none was kept.
    public init(
        of task: ReviewTask, from queue: any ReviewQueue, reviewer: String, settings: Settings
    ) async throws {
        let kept = try await queue.photos(of: task, reviewer: reviewer)
        guard !kept.isEmpty else {
            throw Failure(.inputMissing, code: "photos_not_kept", "the photos were not kept")
        }
        let limits = settings.decodingLimits
        photos = try await OwnThread.run {
            try Self.decoded(kept, of: task, limits: limits)
        }
        adjudication = task.adjudication
    }

    private static func decoded(
        _ kept: [(index: Int, bytes: Data)], of task: ReviewTask, limits: DecodingLimits
    ) throws -> [Photo] {
        let decoder = PhotoDecoder(limits: limits)
        let photos = kept.compactMap { index, bytes -> Photo? in
            let target = PixelSize(width: Self.side, height: Self.side)
            guard let decoded = try? decoder.decode(Array(bytes), covering: target) else {
                return nil
            }
            let view = task.adjudication.photos.first { $0.index == index }?.view
            return Photo(
                index: index, view: view ?? .other, bytes: bytes,
                image: decoded.image.shrunk(toSide: Self.side))
        }
        guard !photos.isEmpty else {
            throw Failure(
                .badInput, code: "photos_undecodable", "no kept photo can be decoded")
        }
        return photos
    }

    /// The photos' positions in the case.
    public var indexes: [Int] { photos.map(\.index) }

    /// A photo, with the heat map over it if one is wanted and was computed.
    public func picture(_ index: Int, withHeatMap: Bool) -> RGBImage? {
        guard let photo = photos.first(where: { $0.index == index }) else { return nil }
        guard withHeatMap, let map = photo.heatMap else { return photo.image }
        return HeatMapOverlay().drawn(
            Imaging.HeatMap(width: map.width, height: map.height, values: map.values),
            over: photo.image)
    }

    /// The kept bytes of a photo and the ending of its file's name.
    public func file(_ index: Int) -> (bytes: Data, fileExtension: String)? {
        photos.first { $0.index == index }.map { photo in
            (photo.bytes, photo.bytes.starts(with: [0xFF, 0xD8]) ? "jpg" : "png")
        }
    }

    /// Computes where the evidence lies, as `inspect --heatmap` does: what the network sees, and
    /// what is unlike the references if the case was compared with any.
    ///
    /// - Parameter casebook: Where the references lie; nil if they are out of reach.
    /// - Throws: ``Failure`` of kind `unavailable` if another model judged the case: its map would
    ///   not explain this confidence.
    public mutating func computeHeatMaps(
        with inspector: Inspector, comparedWith casebook: Casebook?
    ) async throws {
        let model = adjudication.model
        guard inspector.modelVersion.sha256 == model.sha256 else {
            throw Failure(
                .unavailable, code: "model_differs",
                "the case was judged by \(model.name) \(model.version), which is not at hand")
        }
        let references = try await inspector.references(of: adjudication, in: casebook)
        for position in photos.indices {
            let photo = photos[position]
            photos[position].heatMap = try await inspector.heatMap(
                of: Array(photo.bytes), index: photo.index, view: photo.view,
                references: references)
        }
    }
}

/// Runs work that blocks on a thread of Dispatch, not on one of Swift's cooperative pool.
enum OwnThread {
    /// Runs the work and resumes when it is done.
    static func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(with: Result { try work() })
            }
        }
    }
}
