/// An EXIF block: the TIFF structure in a JPEG's APP1 segment or a PNG's eXIf chunk.
///
/// Only IFD 0 and its direct children are looked at; no offset is followed twice, so a block that
/// points at itself costs nothing. What lies outside the block reads as absent.
/// - SeeAlso: CIPA DC-008 (Exif 2.32), section 4.5 and 4.6.
struct ExifBlock {
    enum Tag {
        static let orientation = 0x0112
        static let software = 0x0131
        static let dateTime = 0x0132
        static let dateTimeOriginal = 0x9003
        static let dateTimeDigitized = 0x9004
        static let gpsTimeStamp = 0x0007
        static let gpsDateStamp = 0x001D
        static let exifDirectory = 0x8769
        static let gpsDirectory = 0x8825
        static let makerNote = 0x927C
    }

    enum FieldType {
        static let byte = 1
        static let ascii = 2
        static let short = 3
        static let long = 4
        static let rational = 5
    }

    let reader: ByteReader
    let firstDirectory: Int

    /// Nil where `bytes` do not start with a TIFF header.
    init?(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        if bytes.starts(with: [0x49, 0x49, 0x2A, 0x00]) {
            reader = ByteReader(bytes: bytes, isLittleEndian: true)
        } else if bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A]) {
            reader = ByteReader(bytes: bytes, isLittleEndian: false)
        } else {
            return nil
        }
        guard let start = reader.uint32(at: 4) else { return nil }
        firstDirectory = start
    }

    /// The value of the orientation tag, whatever it is; nil where there is none.
    var orientationTag: Int? {
        guard let entry = entry(Tag.orientation, in: firstDirectory) else { return nil }
        switch reader.uint16(at: entry + 2) {
        case FieldType.byte?:
            return reader.bytes.count > entry + 8 ? Int(reader.bytes[entry + 8]) : nil
        case FieldType.short?: return reader.uint16(at: entry + 8)
        case FieldType.long?: return reader.uint32(at: entry + 8)
        default: return nil
        }
    }

    /// Whether the block points at a position.
    var hasGPS: Bool { entry(Tag.gpsDirectory, in: firstDirectory) != nil }

    /// Whether a second directory follows: it describes a thumbnail.
    var hasThumbnail: Bool {
        guard let count = reader.uint16(at: firstDirectory),
            let next = reader.uint32(at: firstDirectory + 2 + count * 12)
        else { return false }
        return next != 0
    }

    /// Whether the camera maker's own, undocumented data is there; it holds serial numbers.
    var hasMakerNote: Bool {
        guard let entry = entry(Tag.exifDirectory, in: firstDirectory),
            let directory = reader.uint32(at: entry + 8)
        else { return false }
        return self.entry(Tag.makerNote, in: directory) != nil
    }

    /// The offset of a directory's entry: tag, type, count, value, 12 bytes in all.
    func entry(_ tag: Int, in directory: Int) -> Int? {
        guard let count = reader.uint16(at: directory) else { return nil }
        for index in 0..<count {
            let offset = directory + 2 + index * 12
            guard let found = reader.uint16(at: offset) else { return nil }
            if found == tag { return offset }
        }
        return nil
    }

    /// A block that says nothing but how to turn the picture.
    static func minimal(orientation: Orientation) -> [UInt8] {
        [
            0x4D, 0x4D, 0x00, 0x2A, 0x00, 0x00, 0x00, 0x08,  // big-endian TIFF, directory at 8
            0x00, 0x01,  // one entry
            0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01,  // orientation, one short
            0x00, UInt8(orientation.rawValue), 0x00, 0x00,
            0x00, 0x00, 0x00, 0x00,  // no further directory
        ]
    }
}
