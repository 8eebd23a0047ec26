internal import CImageCodecs

/// What a PNG says beside its pixels.
struct PNGMetadata {
    /// Bytes of all ancillary chunks but tRNS, which belongs to the pixels.
    private(set) var byteCount = 0
    /// The eXIf chunk's orientation tag.
    private(set) var orientationTag: Int?
    /// The ICC profile of the iCCP chunk.
    private(set) var profile: EmbeddedProfile?
    /// Frames that an animation control chunk declares; 1 without one.
    private(set) var frameCount = 1

    /// The most bytes that a profile inflates to, whatever is set: three times the largest in use.
    private static let profileByteCountBound = 4_000_000

    /// - Parameter profileByteCountLimit: The most bytes that the profile may inflate to.
    init(_ bytes: [UInt8], profileByteCountLimit: Int) {
        let profileLimit = min(profileByteCountLimit, Self.profileByteCountBound)
        var reader = PNGChunkReader(bytes)
        while let chunk = reader.next(), chunk.type != "IEND" {
            if chunk.isCritical || chunk.type == "tRNS" { continue }
            byteCount += chunk.range.count
            let payload = bytes[chunk.payload]
            switch chunk.type {
            case "eXIf" where orientationTag == nil:
                orientationTag = ExifBlock(payload)?.orientationTag
            case "iCCP" where profile == nil:
                profile = Self.profile(payload, byteCountLimit: profileLimit)
            case "acTL":
                let big = ByteReader(bytes: bytes, isLittleEndian: false)
                frameCount = big.uint32(at: chunk.payload.lowerBound) ?? 1
            default:
                continue
            }
        }
    }

    /// Name, 0, compression method 0, zlib stream.
    private static func profile(
        _ payload: ArraySlice<UInt8>, byteCountLimit: Int
    ) -> EmbeddedProfile {
        guard let nameEnd = payload.firstIndex(of: 0), nameEnd + 2 < payload.endIndex,
            payload[nameEnd + 1] == 0
        else { return .unreadable }
        let compressed = payload[(nameEnd + 2)...]
        var status = codec_status.CODEC_OK
        let profile = unsafe [UInt8](unsafeUninitializedCapacity: byteCountLimit) { buffer, count in
            status = unsafe compressed.withUnsafeBufferPointer { source in
                // C sets `count` to what it wrote, never more than it was offered.
                unsafe codec_inflate(
                    source.baseAddress, source.count, buffer.baseAddress, byteCountLimit, &count)
            }
        }
        return status == .CODEC_OK ? .icc(profile) : .unreadable
    }
}
