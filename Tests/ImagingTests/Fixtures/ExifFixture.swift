/// A full EXIF block in code: a position, a maker's note, a thumbnail, and a camera's name.
enum ExifFixture {
    /// Texts that a copy without metadata must not contain.
    static let secrets = ["Secret Camera", "N51E007", "serial 4711"]

    /// A little-endian TIFF structure with the orientation given.
    static func block(orientation: UInt8) -> [UInt8] {
        // Offsets: directory 0 at 8 (4 entries), EXIF directory at 62, GPS at 80, texts after.
        let texts = 98
        let camera = Array(secrets[0].utf8)
        let position = Array(secrets[1].utf8)
        let serial = Array(secrets[2].utf8)
        let positionStart = texts + camera.count
        let serialStart = positionStart + position.count
        let thumbnailStart = serialStart + serial.count
        var bytes: [UInt8] = [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0]
        bytes += [4, 0]
        bytes += entry(0x0110, type: 2, count: camera.count, value: texts)
        bytes += entry(0x0112, type: 3, count: 1, value: Int(orientation))
        bytes += entry(0x8769, type: 4, count: 1, value: 62)
        bytes += entry(0x8825, type: 4, count: 1, value: 80)
        bytes += little(thumbnailStart, 4)
        bytes += [1, 0] + entry(0x927C, type: 7, count: serial.count, value: serialStart)
        bytes += little(0, 4)
        bytes += [1, 0] + entry(0x001D, type: 2, count: position.count, value: positionStart)
        bytes += little(0, 4)
        bytes += camera + position + serial
        return bytes + [0, 0, 0, 0, 0, 0]
    }

    private static func entry(_ tag: Int, type: Int, count: Int, value: Int) -> [UInt8] {
        little(tag, 2) + little(type, 2) + little(count, 4) + little(value, 4)
    }

    private static func little(_ value: Int, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
