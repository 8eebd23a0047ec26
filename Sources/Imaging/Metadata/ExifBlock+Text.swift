/// What the block says in words; each value at most ``textByteCountLimit`` bytes.
extension ExifBlock {
    /// The longest text that is read, in bytes: names of programs and times are shorter.
    static let textByteCountLimit = 256

    /// The program that wrote the file.
    var software: String? { text(Tag.software, in: firstDirectory) }

    /// When the file was changed last, in the camera's or program's local time.
    var modifiedAt: MetadataTime? {
        text(Tag.dateTime, in: firstDirectory).flatMap(MetadataTime.init(exif:))
    }

    /// When the picture was taken, in local time.
    var takenAt: MetadataTime? {
        exifText(Tag.dateTimeOriginal).flatMap(MetadataTime.init(exif:))
    }

    /// When the picture became a file, in local time.
    var digitizedAt: MetadataTime? {
        exifText(Tag.dateTimeDigitized).flatMap(MetadataTime.init(exif:))
    }

    /// What the satellites said when the place was found, in UTC; midnight where only the date is
    /// there.
    var satelliteTime: MetadataTime? {
        guard let gps = child(Tag.gpsDirectory), let date = text(Tag.gpsDateStamp, in: gps) else {
            return nil
        }
        let hours = entry(Tag.gpsTimeStamp, in: gps).flatMap { rational(atEntry: $0) } ?? 0
        return MetadataTime(gpsDate: date, hours: hours)
    }

    private func exifText(_ tag: Int) -> String? {
        child(Tag.exifDirectory).flatMap { text(tag, in: $0) }
    }

    private func child(_ tag: Int) -> Int? {
        entry(tag, in: firstDirectory).flatMap { reader.uint32(at: $0 + 8) }
    }

    private func text(_ tag: Int, in directory: Int) -> String? {
        guard let entry = entry(tag, in: directory),
            reader.uint16(at: entry + 2) == FieldType.ascii,
            let count = reader.uint32(at: entry + 4), (1...Self.textByteCountLimit).contains(count),
            // Up to four bytes stand in the entry itself.
            let start = count <= 4 ? entry + 8 : reader.uint32(at: entry + 8),
            start <= reader.bytes.count - count
        else { return nil }
        let bytes = reader.bytes[start..<start + count].prefix { $0 != 0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The first of the rational numbers of an entry: numerator, denominator.
    private func rational(atEntry entry: Int) -> Int? {
        guard reader.uint16(at: entry + 2) == FieldType.rational,
            let offset = reader.uint32(at: entry + 8),
            let numerator = reader.uint32(at: offset),
            let denominator = reader.uint32(at: offset + 4), denominator > 0
        else { return nil }
        return numerator / denominator
    }
}
