extension EditingFacts {
    private static let xmpSignature = Array("http://ns.adobe.com/xap/1.0/\0".utf8)

    /// The facts in a JPEG's first EXIF block and its XMP, up to the first scan.
    init(jpeg bytes: [UInt8]) {
        var reader = JPEGSegmentReader(bytes)
        var sawExif = false
        while let segment = reader.next(), segment.marker != JPEGMarker.startOfScan,
            segment.marker != JPEGMarker.endOfImage
        {
            guard segment.marker == JPEGMarker.application1 else { continue }
            let payload = bytes[segment.payload]
            if !sawExif, payload.starts(with: JPEGMetadata.exifSignature) {
                sawExif = true
                ExifBlock(payload.dropFirst(JPEGMetadata.exifSignature.count)).map { add($0) }
            } else if payload.starts(with: Self.xmpSignature) {
                add(XMPText(payload.dropFirst(Self.xmpSignature.count)))
            }
        }
    }

    /// How many text chunks of a PNG are looked at.
    static let textChunkCountLimit = 64

    /// The facts in a PNG's EXIF chunk and its uncompressed texts.
    init(png bytes: [UInt8]) {
        var reader = PNGChunkReader(bytes)
        var textCount = 0
        var sawExif = false
        while let chunk = reader.next(), chunk.type != "IEND" {
            let payload = bytes[chunk.payload]
            switch chunk.type {
            case "eXIf" where !sawExif:
                sawExif = true
                ExifBlock(payload).map { add($0) }
            case "tEXt", "iTXt":
                textCount += 1
                guard textCount <= Self.textChunkCountLimit else { return }
                if let text = PNGText(payload, isInternational: chunk.type == "iTXt") {
                    add(text)
                }
            default: continue
            }
        }
    }

    private mutating func add(_ text: PNGText) {
        switch text.keyword {
        case "Software":
            let name = text.value.prefix(ExifBlock.textByteCountLimit)
            programs.append(String(decoding: name, as: UTF8.self))
        case "XML:com.adobe.xmp": add(XMPText(text.value))
        // Where programs for Stable Diffusion keep the words that a picture was made from.
        case "parameters": isGenerated = isGenerated || text.holds("Steps: ")
        default: break
        }
    }
}

/// A PNG's text chunk that is not compressed: a keyword and a value.
///
/// - SeeAlso: PNG (third edition), 11.3.3.
struct PNGText {
    let keyword: String
    let value: ArraySlice<UInt8>

    /// Longer keywords are not allowed.
    private static let keywordByteCountLimit = 79

    /// Nil where the payload has another form, or the text is compressed.
    init?(_ payload: ArraySlice<UInt8>, isInternational: Bool) {
        guard let end = payload.prefix(Self.keywordByteCountLimit + 1).firstIndex(of: 0) else {
            return nil
        }
        keyword = String(decoding: payload[..<end], as: UTF8.self)
        let rest = payload[(end + 1)...]
        guard isInternational else {
            value = rest
            return
        }
        // Compression flag and method, language, translated keyword.
        guard rest.first == 0, let language = rest.dropFirst(2).firstIndex(of: 0),
            let translated = rest[(language + 1)...].firstIndex(of: 0)
        else { return nil }
        value = rest[(translated + 1)...]
    }

    /// Whether a text stands in the beginning of the value.
    func holds(_ text: String) -> Bool {
        String(decoding: value.prefix(XMPText.byteCountLimit), as: UTF8.self).contains(text)
    }
}
