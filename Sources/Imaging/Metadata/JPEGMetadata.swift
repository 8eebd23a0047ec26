/// What a JPEG says beside its pixels, up to the first scan.
struct JPEGMetadata {
    /// Bytes of all application and comment segments.
    private(set) var byteCount = 0
    /// The first EXIF block's orientation tag.
    private(set) var orientationTag: Int?
    /// The ICC profile, put together from its segments.
    private(set) var profile: EmbeddedProfile?

    static let exifSignature = Array("Exif\0\0".utf8)
    static let profileSignature = Array("ICC_PROFILE\0".utf8)

    init(_ bytes: [UInt8]) {
        var reader = JPEGSegmentReader(bytes)
        var profileParts = ProfileParts()
        var sawExif = false
        while let segment = reader.next(), segment.marker != JPEGMarker.startOfScan,
            segment.marker != JPEGMarker.endOfImage
        {
            let isMetadata =
                JPEGMarker.applications.contains(segment.marker)
                || segment.marker == JPEGMarker.comment
            guard isMetadata else { continue }
            byteCount += segment.range.count
            let payload = bytes[segment.payload]
            if segment.marker == JPEGMarker.application1, !sawExif,
                payload.starts(with: Self.exifSignature)
            {
                sawExif = true
                let block = ExifBlock(payload.dropFirst(Self.exifSignature.count))
                orientationTag = block?.orientationTag
            } else if segment.marker == JPEGMarker.application2,
                payload.starts(with: Self.profileSignature)
            {
                profileParts.append(payload.dropFirst(Self.profileSignature.count))
            }
        }
        profile = profileParts.joined()
    }
}

/// The pieces of an ICC profile in APP2 segments: sequence number from 1, count of pieces, data.
///
/// Files in the wild repeat numbers, start at 0 or lack pieces; a profile that cannot be put
/// together without a guess is noted as unreadable.
/// - SeeAlso: ICC.1:2022, annex B.4.
private struct ProfileParts {
    private var parts: [UInt8: ArraySlice<UInt8>] = [:]
    private var count: UInt8?
    private var isConsistent = true

    mutating func append(_ payload: ArraySlice<UInt8>) {
        guard let number = payload.first, let total = payload.dropFirst().first else {
            isConsistent = false
            return
        }
        if let count, count != total { isConsistent = false }
        count = count ?? total
        if number == 0 || number > total || parts[number] != nil {
            isConsistent = false
            return
        }
        parts[number] = payload.dropFirst(2)
    }

    func joined() -> EmbeddedProfile? {
        guard let count else { return isConsistent ? nil : .unreadable }
        guard isConsistent, parts.count == Int(count) else { return .unreadable }
        return .icc(parts.sorted { $0.key < $1.key }.flatMap(\.value))
    }
}

/// An ICC profile as found in a file.
enum EmbeddedProfile: Hashable {
    case icc([UInt8])
    /// One is there, but its pieces or its compression are broken.
    case unreadable
}
