/// Signatures of formats that people send and Regrade does not read, so that it can name them.
enum UnsupportedSignature {
    /// How far into a file the text of a markup language is searched.
    private static let markupSearchLimit = 1024

    static func name(of bytes: [UInt8]) -> String? {
        if let name = isoMediaName(of: bytes) { return name }
        for signature in fixed where matches(signature, bytes) {
            return signature.name
        }
        return markupName(of: bytes)
    }

    private struct Fixed {
        let name: String
        /// Where the text starts.
        let offset: Int
        let bytes: [UInt8]

        init(_ name: String, _ bytes: [UInt8], at offset: Int = 0) {
            self.name = name
            self.offset = offset
            self.bytes = bytes
        }

        init(_ name: String, _ text: String, at offset: Int = 0) {
            self.init(name, Array(text.utf8), at: offset)
        }
    }

    /// The longer and surer ones first: two bytes match much by chance.
    private static let fixed: [Fixed] = [
        Fixed("JPEG 2000", [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        Fixed("JPEG XL", [0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        Fixed("OLE compound file", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
        Fixed("GIF", "GIF87a"),
        Fixed("GIF", "GIF89a"),
        Fixed("WebP", "WEBP", at: 8),
        Fixed("AVI", "AVI ", at: 8),
        Fixed("MNG", [0x8A, 0x4D, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        Fixed("JPEG 2000", [0xFF, 0x4F, 0xFF, 0x51]),
        Fixed("TIFF", [0x49, 0x49, 0x2A, 0x00]),
        Fixed("TIFF", [0x4D, 0x4D, 0x00, 0x2A]),
        Fixed("BigTIFF", [0x49, 0x49, 0x2B, 0x00]),
        Fixed("BigTIFF", [0x4D, 0x4D, 0x00, 0x2B]),
        Fixed("Photoshop", "8BPS"),
        Fixed("DirectDraw Surface", "DDS "),
        Fixed("PDF", "%PDF-"),
        Fixed("PostScript", "%!PS"),
        Fixed("OpenEXR", [0x76, 0x2F, 0x31, 0x01]),
        Fixed("ZIP archive", [0x50, 0x4B, 0x03, 0x04]),
        Fixed("Canon or Fujifilm raw", "FUJIFILMCCD-RAW"),
        Fixed("Radiance HDR", "#?RADIANCE"),
        Fixed("QOI", "qoif"),
        Fixed("Matroska or WebM", [0x1A, 0x45, 0xDF, 0xA3]),
        Fixed("Windows icon", [0x00, 0x00, 0x01, 0x00]),
        Fixed("Windows cursor", [0x00, 0x00, 0x02, 0x00, 0x01]),
        Fixed("JPEG XL", [0xFF, 0x0A]),
        Fixed("SGI image", [0x01, 0xDA]),
        Fixed("BMP", "BM"),
        Fixed("gzip archive", [0x1F, 0x8B]),
        Fixed("Netpbm", "P1\n"), Fixed("Netpbm", "P2\n"), Fixed("Netpbm", "P3\n"),
        Fixed("Netpbm", "P4\n"), Fixed("Netpbm", "P5\n"), Fixed("Netpbm", "P6\n"),
        Fixed("PCX", [0x0A, 0x05, 0x01]),
    ]

    private static func matches(_ signature: Fixed, _ bytes: [UInt8]) -> Bool {
        bytes.count >= signature.offset + signature.bytes.count
            && bytes[signature.offset...].starts(with: signature.bytes)
    }

    /// Files of ISO 14496-12 boxes: `ftyp` at 4, then the brand that tells them apart.
    private static func isoMediaName(of bytes: [UInt8]) -> String? {
        guard bytes.count >= 12, bytes[4..<8].elementsEqual("ftyp".utf8) else { return nil }
        switch String(decoding: bytes[8..<12], as: UTF8.self) {
        case "avif", "avis": return "AVIF"
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1": return "HEIC"
        case "crx ": return "Canon raw"
        case "qt  ": return "QuickTime video"
        default: return "MP4 video"
        }
    }

    private static func markupName(of bytes: [UInt8]) -> String? {
        let head = String(decoding: bytes.prefix(markupSearchLimit), as: UTF8.self).lowercased()
        let text = head.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        guard text.hasPrefix("<") else { return nil }
        if text.contains("<svg") { return "SVG" }
        if text.contains("<html") || text.hasPrefix("<!doctype html") || text.hasPrefix("<script") {
            return "HTML"
        }
        return text.hasPrefix("<?xml") ? "XML" : nil
    }
}
