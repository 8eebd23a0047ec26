import Imaging

/// A PNG of any kind from its raw rows: stored, not compressed.
///
/// - SeeAlso: PNG third edition, sections 7 (rows), 11 (chunks); RFC 1950 (zlib).
struct RawPNG {
    var size: PixelSize
    var bitDepth: UInt8
    var colorType: UInt8
    /// The bytes of each row, without filter type.
    var rows: [[UInt8]]
    var palette: [UInt8] = []
    var transparency: [UInt8] = []

    func bytes() -> [UInt8] {
        let header =
            FileSurgery.bigEndian(size.width) + FileSurgery.bigEndian(size.height)
            + [bitDepth, colorType, 0, 0, 0]
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes += FileSurgery.chunk("IHDR", header)
        if !palette.isEmpty { bytes += FileSurgery.chunk("PLTE", palette) }
        if !transparency.isEmpty { bytes += FileSurgery.chunk("tRNS", transparency) }
        bytes += FileSurgery.chunk("IDAT", FileSurgery.zlibStored(rows.flatMap { [0] + $0 }))
        return bytes + FileSurgery.chunk("IEND", [])
    }
}
