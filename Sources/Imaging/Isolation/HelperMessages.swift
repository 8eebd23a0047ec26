import Foundation

/// What is asked of a helper; the photo lies in the shared memory.
struct HelperRequest: Codable {
    /// The file's bytes from the start of the shared memory on.
    let byteCount: Int
    let limits: DecodingLimits
    let target: PixelSize?
}

/// What a helper says; pixels lie in the shared memory, after the room for the file.
enum HelperAnswer: Codable {
    /// It is confined and waits; `isFiltered` tells whether system calls are filtered too.
    case ready(isFiltered: Bool)
    case decoded(HelperPhoto)
    case refused(ImageDecodingError)
}

/// A decoded photo without its pixels, as a helper states it.
struct HelperPhoto: Codable {
    let header: PhotoHeader
    let reduction: Int
    let colorProfile: ColorProfile?
    let codecWarningCount: Int
    let codecWarning: String?
    let realRowCount: Int

    init(_ photo: DecodedPhoto) {
        header = photo.header
        reduction = photo.reduction
        colorProfile = photo.colorProfile
        codecWarningCount = photo.codecWarningCount
        codecWarning = photo.codecWarning
        realRowCount = photo.realRowCount
    }

    /// The size of the picture, if all that was stated can be true of a photo within the limits;
    /// whoever states it may have been taken over by the photo.
    func size(of format: ImageFormat, within limits: DecodingLimits) -> PixelSize? {
        let stored = header.storedSize
        guard header.format == format, [1, 2, 4, 8].contains(reduction),
            stored.width > 0, stored.height > 0, codecWarningCount >= 0,
            (0...stored.height).contains(realRowCount),
            (try? limits.check(stored, isInterlaced: header.isInterlaced)) != nil
        else { return nil }
        return header.orientation.upright(stored.reduced(by: reduction))
    }
}

/// Where things lie in the memory that both sides map.
struct HelperMemory {
    /// Room for the file, from the start on.
    let fileByteCount: Int
    /// Room for the pixels, after it.
    let pixelByteCount: Int

    /// More than this is not asked of the system, whatever the limits say.
    private static let roomLimit = 1 << 30

    init(limits: DecodingLimits) {
        let page = 1 << 16
        fileByteCount =
            (min(max(limits.byteCountLimit, 1), Self.roomLimit) + page - 1) / page * page
        pixelByteCount = min(max(limits.memoryByteCountLimit, 3), Self.roomLimit)
    }

    var byteCount: Int { fileByteCount + pixelByteCount }
}
