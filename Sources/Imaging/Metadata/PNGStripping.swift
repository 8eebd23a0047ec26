internal import CImageCodecs

/// The chunks of a PNG that its pixels need, copied in their order.
struct PNGStripping {
    private let bytes: [UInt8]
    private var reader: PNGChunkReader
    private var output: [UInt8]
    private var removed: Set<RemovedMetadata> = []
    private var sawExif = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        reader = PNGChunkReader(bytes)
        output = Array(bytes.prefix(PNGChunkReader.signatureByteCount))
        output.reserveCapacity(bytes.count)
    }

    mutating func run() -> MetadataStripping.Result {
        while let chunk = reader.next() {
            handle(chunk)
            guard chunk.type == "IEND" else { continue }
            if reader.position < bytes.count { removed.insert(.trailingData) }
            return MetadataStripping.Result(bytes: output, removed: removed)
        }
        // A cut-off chunk of pixels is all that a truncated file has left; keep what there is.
        output += bytes[reader.position...]
        return MetadataStripping.Result(bytes: output, removed: removed)
    }

    private mutating func handle(_ chunk: PNGChunk) {
        let isNeeded = chunk.isCritical || chunk.type == "tRNS" || chunk.type == "iCCP"
        guard !isNeeded else {
            output += bytes[chunk.range]
            return
        }
        switch chunk.type {
        case "eXIf": handleExif(bytes[chunk.payload])
        case "iTXt" where bytes[chunk.payload].starts(with: "XML:com.adobe.xmp".utf8):
            removed.insert(.xmp)
        case "tEXt", "zTXt", "iTXt": removed.insert(.text)
        case "tIME": removed.insert(.time)
        case "acTL", "fcTL", "fdAT": removed.insert(.animation)
        default: removed.insert(.ancillaryChunk)
        }
    }

    private mutating func handleExif(_ payload: ArraySlice<UInt8>) {
        let block = ExifBlock(payload)
        removed.formUnion(block?.contents ?? [.exif])
        guard !sawExif, let tag = block?.orientationTag else { return }
        sawExif = true
        let orientation = Orientation(tag: tag)
        guard orientation != .topLeft else { return }
        append("eXIf", ExifBlock.minimal(orientation: orientation))
    }

    private mutating func append(_ type: String, _ payload: [UInt8]) {
        let content = Array(type.utf8) + payload
        let checksum = unsafe content.withUnsafeBufferPointer { buffer in
            unsafe codec_crc32(buffer.baseAddress, buffer.count)
        }
        output += Self.bigEndian(UInt32(payload.count)) + content + Self.bigEndian(checksum)
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
