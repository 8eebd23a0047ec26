/// A photo's header and metadata, checked against the limits that they can tell.
struct ParsedPhoto {
    let header: PhotoHeader
    let profile: EmbeddedProfile?
    /// Bytes that the codec will hold beside the pixels that it puts out, for each reduction.
    let codecByteCount: Int

    init(_ bytes: [UInt8], limits: DecodingLimits) throws(ImageDecodingError) {
        if bytes.isEmpty { throw .empty }
        if bytes.count > limits.byteCountLimit {
            throw .tooManyBytes(byteCount: bytes.count, limit: limits.byteCountLimit)
        }
        switch FormatSignature(of: bytes) {
        case .accepted(.jpeg): self = try JPEGDecoder.parse(bytes, limits: limits)
        case .accepted(.png): self = try PNGDecoder.parse(bytes, limits: limits)
        case .unsupported(let name): throw .unsupportedFormat(name: name)
        case .unknown: throw .unrecognizedFormat
        }
    }

    init(header: PhotoHeader, profile: EmbeddedProfile?, codecByteCount: Int) {
        self.header = header
        self.profile = profile
        self.codecByteCount = codecByteCount
    }

    /// The bytes that decoding at `reduction` holds at once.
    func memoryByteCount(reduction: Int) -> Int {
        codecByteCount + header.storedSize.reduced(by: reduction).pixelCount * 3
    }

    /// The largest reduction at which the upright picture still covers `target`; 1 without one.
    func reduction(covering target: PixelSize?) -> Int {
        guard let target else { return 1 }
        let candidates = [8, 4, 2]
        return candidates.first { candidate in
            let reduced = header.uprightSize.reduced(by: candidate)
            return reduced.width >= target.width && reduced.height >= target.height
        } ?? 1
    }
}

extension DecodingLimits {
    /// The longest side that the C fence takes: no product of two such sides overflows.
    private static let codecSideBound = 65_535

    /// Checks declared sides, before anything is allocated for them.
    func check(_ size: PixelSize, isInterlaced: Bool) throws(ImageDecodingError) {
        let longer = max(size.width, size.height)
        let bound = min(sideLimit, Self.codecSideBound)
        if longer > bound { throw .sideTooLong(side: longer, limit: bound) }
        if size.pixelCount > pixelCountLimit {
            throw .tooManyPixels(pixelCount: size.pixelCount, limit: pixelCountLimit)
        }
        if isInterlaced && size.pixelCount > interlacedPixelCountLimit {
            throw .tooManyInterlacedPixels(
                pixelCount: size.pixelCount, limit: interlacedPixelCountLimit)
        }
    }

    /// Checks the bytes of metadata that a walk over the file found.
    func check(metadataByteCount: Int) throws(ImageDecodingError) {
        if metadataByteCount > metadataByteCountLimit {
            throw .metadataTooLarge(byteCount: metadataByteCount, limit: metadataByteCountLimit)
        }
    }
}

extension PixelSize {
    /// Both sides divided, rounded up.
    func reduced(by reduction: Int) -> PixelSize {
        PixelSize(
            width: (width + reduction - 1) / reduction,
            height: (height + reduction - 1) / reduction)
    }
}
