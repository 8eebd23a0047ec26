/// The parts of a JPEG that its pixels need, copied in their order.
struct JPEGStripping {
    private let bytes: [UInt8]
    private var reader: JPEGSegmentReader
    private var output: [UInt8] = [0xFF, JPEGMarker.startOfImage]
    private var removed: Set<RemovedMetadata> = []
    private var sawScan = false
    private var sawExif = false
    private var sawJFIF = false
    /// Where the last part that was looked at ended.
    private var end = 0

    /// Version, density and the sides of a thumbnail follow the signature.
    private static let jfifByteCount = 14
    private static let adobeByteCount = 12

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        reader = JPEGSegmentReader(bytes)
        output.reserveCapacity(bytes.count)
    }

    mutating func run() -> MetadataStripping.Result {
        while let segment = reader.next() {
            if segment.range.lowerBound > end { removed.insert(.strayData) }
            end = segment.range.upperBound
            switch segment.marker {
            case JPEGMarker.startOfImage, JPEGMarker.temporary: continue
            case JPEGMarker.restarts: removed.insert(.strayData)
            case JPEGMarker.applications: handleApplication(segment)
            case JPEGMarker.comment: removed.insert(.comment)
            case JPEGMarker.startOfScan: copyScan(segment)
            case JPEGMarker.endOfImage:
                output += [0xFF, JPEGMarker.endOfImage]
                if end < bytes.count { removed.insert(.trailingData) }
                return MetadataStripping.Result(bytes: output, removed: removed)
            default: output += bytes[segment.range]
            }
        }
        // The file ends early; decoders put the end there themselves, with a warning, and so the
        // copy keeps its flag.
        if end < bytes.count { removed.insert(.strayData) }
        return MetadataStripping.Result(bytes: output, removed: removed)
    }

    private mutating func copyScan(_ segment: JPEGSegment) {
        sawScan = true
        output += bytes[segment.range]
        output += bytes[reader.skipEntropyCodedData()]
        end = reader.position
    }

    private mutating func handleApplication(_ segment: JPEGSegment) {
        let payload = bytes[segment.payload]
        switch segment.marker {
        case JPEGMarker.application0: handleJFIF(payload)
        case JPEGMarker.application1 where payload.starts(with: JPEGMetadata.exifSignature):
            handleExif(payload.dropFirst(JPEGMetadata.exifSignature.count))
        case JPEGMarker.application1 where payload.starts(with: "http://ns.adobe.com/".utf8):
            removed.insert(.xmp)
        case JPEGMarker.application2 where payload.starts(with: JPEGMetadata.profileSignature):
            if !sawScan { output += bytes[segment.range] }
        case JPEGMarker.application13: removed.insert(.iptc)
        case JPEGMarker.application14
        where payload.starts(with: "Adobe".utf8) && payload.count >= Self.adobeByteCount:
            // It says how colours are stored.
            append(JPEGMarker.application14, payload.prefix(Self.adobeByteCount))
        default: removed.insert(.applicationData)
        }
    }

    private mutating func handleJFIF(_ payload: ArraySlice<UInt8>) {
        let isJFIF = payload.starts(with: "JFIF\0".utf8) && payload.count >= Self.jfifByteCount
        guard isJFIF, !sawJFIF else {
            let isExtension = payload.starts(with: "JFXX\0".utf8)
            removed.insert(isExtension ? .thumbnail : .applicationData)
            return
        }
        sawJFIF = true
        if payload.count > Self.jfifByteCount { removed.insert(.thumbnail) }
        append(JPEGMarker.application0, payload.prefix(Self.jfifByteCount - 2) + [0, 0])
    }

    private mutating func handleExif(_ payload: ArraySlice<UInt8>) {
        let block = ExifBlock(payload)
        removed.formUnion(block?.contents ?? [.exif])
        guard !sawExif, !sawScan else { return }
        sawExif = true
        let orientation = Orientation(tag: block?.orientationTag ?? 1)
        guard orientation != .topLeft else { return }
        let minimal = ExifBlock.minimal(orientation: orientation)
        append(JPEGMarker.application1, JPEGMetadata.exifSignature + minimal)
    }

    private mutating func append(_ marker: UInt8, _ payload: some Collection<UInt8>) {
        let length = payload.count + 2
        output += [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)]
        output += payload
    }
}
