import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ReturnsDomain
import Workflow

/// What was sent to be inspected, whole and checked.
struct ReceivedItem {
    /// Order data and views.
    let document: OrderDocument
    /// The photos in the order they came.
    let photos: [WaitingSubmission.Photo]
    /// SHA-256 over order data, views and photos: the same item always has the same.
    let fingerprint: ContentHash
    /// What the photos' memory is charged to; to be kept as long as they are.
    let share: BodyMemory.Share
}

/// Photos that are to be references, whole and checked.
struct ReceivedReferences {
    /// The photos and what was stated of them.
    let submission: ReferenceSubmission
    /// What the photos' memory is charged to; to be kept as long as they are.
    let share: BodyMemory.Share
}

/// Reads the body of a submission as it arrives: multipart, or one raw photo.
struct SubmissionReader {
    /// The header that order data come in with a raw photo.
    static let metadataField = "Regrade-Metadata"

    private let settings: Settings
    private let share: BodyMemory.Share
    private var metadata: [UInt8]?
    private var photos: [CollectedPhoto] = []
    private var part = Part.none

    private enum Part {
        case none, metadata, photo
    }

    init(settings: Settings, share: BodyMemory.Share) {
        self.settings = settings
        self.share = share
    }

    /// Reads a request to its end.
    ///
    /// - Throws: ``Problem`` naming what is wrong; limits are checked before bytes are kept.
    static func item(
        of request: ServiceRequest, settings: Settings, share: BodyMemory.Share
    ) async throws -> ReceivedItem {
        try await read(request, settings: settings, share: share).finished()
    }

    /// Reads a request whose photos are to be references of a product to its end.
    ///
    /// - Throws: ``Problem`` naming what is wrong; limits are checked before bytes are kept.
    static func references(
        to sku: String, in request: ServiceRequest, settings: Settings, share: BodyMemory.Share
    ) async throws -> ReceivedReferences {
        let reader = try await read(request, settings: settings, share: share)
        guard !reader.photos.isEmpty else { throw noPhoto }
        let document = try ReferenceDocument(reader.metadata ?? [])
        try checkCount(of: document.views, photoCount: reader.photos.count)
        return ReceivedReferences(
            submission: try ReferenceSubmission(
                sku: sku, role: document.role, orderID: document.orderID,
                photos: reader.photos.enumerated().map { index, photo in
                    SubmittedPhoto(
                        bytes: photo.bytes,
                        view: index < document.views.count ? document.views[index] : .other)
                }),
            share: share)
    }

    private static func read(
        _ request: ServiceRequest, settings: Settings, share: BodyMemory.Share
    ) async throws -> SubmissionReader {
        var reader = SubmissionReader(settings: settings, share: share)
        let type = HeaderValue(request.field("Content-Type") ?? "")
        switch type.word {
        case "multipart/form-data":
            let boundary = type.parameters["boundary"] ?? ""
            guard (1...70).contains(boundary.utf8.count) else {
                throw Problem(.malformedMultipart, MultipartError.noBoundary.description)
            }
            try await reader.readMultipart(request, boundary: boundary)
        case "image/jpeg", "image/png":
            try await reader.readRaw(request)
        default:
            throw Problem(
                .unsupportedMediaType,
                "Content-Type is '\(type.word.prefix(100))', expected multipart/form-data, "
                    + "image/jpeg or image/png")
        }
        return reader
    }

    private static let noPhoto = Problem(
        .photoMissing, "there is no part 'photo'; send 1 to 12")

    private static func checkCount(of views: [PhotoView], photoCount: Int) throws(Problem) {
        guard views.count > photoCount else { return }
        let message = "has \(views.count) elements, but there are \(photoCount) photos"
        throw Problem(
            .orderDataInvalid, "/photos \(message)",
            errors: [.init(pointer: "/photos", code: "too_many", message: message)])
    }

    private mutating func readRaw(_ request: ServiceRequest) async throws {
        metadata = request.field(Self.metadataField).map { Array($0.utf8) } ?? []
        try checkMetadata()
        try begin(.photo)
        try await request.readBody { bytes throws in try self.add(bytes) }
    }

    private mutating func readMultipart(
        _ request: ServiceRequest, boundary: String
    ) async throws {
        var parser = MultipartParser(boundary: boundary)
        do {
            try await request.readBody { bytes throws in
                parser.append(bytes)
                while let event = try parser.next() { try self.take(event) }
            }
            try parser.finish()
        } catch let error as MultipartError {
            throw Problem(.malformedMultipart, error.description)
        }
    }

    private mutating func take(_ event: MultipartParser.Event) throws(Problem) {
        switch event {
        case .part(let headers):
            switch headers.name {
            case "metadata": try begin(.metadata)
            case "photo": try begin(.photo)
            default:
                throw Problem(
                    .malformedMultipart,
                    "there is a part '\(headers.name.prefix(100))', expected metadata and photo")
            }
        case .bytes(let bytes): try add(bytes)
        case .partEnd: part = .none
        }
    }

    private mutating func begin(_ next: Part) throws(Problem) {
        part = next
        switch next {
        case .none: break
        case .metadata:
            guard metadata == nil else {
                throw Problem(.malformedMultipart, "there is a second part 'metadata'")
            }
            metadata = []
        case .photo:
            guard photos.count < ItemSubmission.photoCountLimit else {
                throw Problem(
                    .tooManyPhotos,
                    "the item has more photos than the \(ItemSubmission.photoCountLimit) of "
                        + "photoCountLimit")
            }
            photos.append(CollectedPhoto())
        }
    }

    private mutating func add(_ bytes: ByteBuffer) throws(Problem) {
        try share.take(bytes.readableBytes)
        switch part {
        case .none: break
        case .metadata:
            metadata?.append(contentsOf: bytes.readableBytesView)
            try checkMetadata()
        case .photo:
            let index = photos.count - 1
            photos[index].append(bytes)
            let limit = settings.photoByteCountLimit
            guard photos[index].bytes.count <= limit else {
                let message = "photo \(index) has more bytes than the \(limit) of byteCountLimit"
                throw Problem(
                    .photoTooLarge, message,
                    errors: [
                        .init(
                            pointer: "/photos/\(index)", code: "photo_too_large", message: message)
                    ])
            }
        }
    }

    private func checkMetadata() throws(Problem) {
        let limit = settings.serving.orderDataByteCountLimit
        guard let metadata, metadata.count > limit else { return }
        throw Problem(
            .orderDataTooLarge,
            "order data have more bytes than the \(limit) of orderDataByteCountLimit")
    }

    private func finished() throws(Problem) -> ReceivedItem {
        let document =
            switch metadata {
            case nil, []: OrderDocument()
            case let bytes?: try OrderDocument(bytes)
            }
        guard !photos.isEmpty else { throw Self.noPhoto }
        try Self.checkCount(of: document.views, photoCount: photos.count)
        let submitted = photos.enumerated().map { index, photo in
            WaitingSubmission.Photo(
                view: index < document.views.count ? document.views[index] : .other,
                bytes: photo.bytes, sha256: photo.sha256)
        }
        return ReceivedItem(
            document: document, photos: submitted,
            fingerprint: Self.fingerprint(of: document.order, photos: submitted),
            share: share)
    }

    /// SHA-256 over lines `member=LENGTH:text` in the order of their names, then `view hash`.
    private static func fingerprint(
        of order: OrderData, photos: [WaitingSubmission.Photo]
    ) -> ContentHash {
        var hash = SHA256()
        hash.update(data: Data("regrade-request-v1\n".utf8))
        for (member, text) in order.stated.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            hash.update(data: Data("\(member.rawValue)=\(text.utf8.count):\(text)\n".utf8))
        }
        for photo in photos {
            let line = "\(photo.view.rawValue) \(photo.sha256)\n"
            hash.update(data: Data(line.utf8))
        }
        return ContentHash(digest: hash.finalize())
    }
}

/// A photo as it arrives, hashed chunk by chunk.
private struct CollectedPhoto {
    private(set) var bytes: [UInt8] = []
    private var hasher = SHA256()

    mutating func append(_ chunk: ByteBuffer) {
        bytes.append(contentsOf: chunk.readableBytesView)
        // The pointer is valid for the call.
        unsafe chunk.withUnsafeReadableBytes { unsafe hasher.update(bufferPointer: $0) }
    }

    var sha256: ContentHash { ContentHash(digest: hasher.finalize()) }
}
