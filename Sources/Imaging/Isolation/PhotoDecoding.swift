/// Whatever turns a photo's bytes into a picture: ``PhotoDecoder`` in this process, or
/// ``IsolatedPhotoDecoder`` in another.
///
/// One decoder belongs to one thread, which it blocks.
public protocol PhotoDecoding: AnyObject {
    /// What a photo may cost.
    var limits: DecodingLimits { get }

    /// Decodes a photo; see ``PhotoDecoder/decode(_:covering:)``.
    ///
    /// - Throws: ``ImageDecodingError``.
    func decode(
        _ bytes: [UInt8], covering target: PixelSize?
    ) throws(ImageDecodingError) -> DecodedPhoto
}

extension PhotoDecoder: PhotoDecoding {}

/// Why a helper process gave no picture; see ``IsolatedPhotoDecoder``.
public enum DecoderFailure: Error, Hashable, Sendable, Codable {
    /// It could not be started; `errorNumber` is `errno(3)`'s.
    case notStarted(errorNumber: Int32)
    /// It ended in the middle: crashed, or was killed.
    case ended
    /// It said nothing for so long, in seconds.
    case silent(seconds: Int)
    /// What it said makes no sense.
    case answerInvalid

    /// Whether it failed before it had anything to do with the photo.
    public var isNotThePhotos: Bool {
        if case .notStarted = self { true } else { false }
    }
}

extension DecoderFailure: CustomStringConvertible {
    /// What happened, for a sentence.
    public var description: String {
        switch self {
        case .notStarted(let number): "it could not be started (errno \(number))"
        case .ended: "it crashed or was killed"
        case .silent(let seconds): "it did not answer within \(seconds) s"
        case .answerInvalid: "its answer made no sense"
        }
    }
}
