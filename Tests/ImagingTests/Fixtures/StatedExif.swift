/// An EXIF block that states programs and times, of either byte order.
struct StatedExif {
    var software: String?
    var modified: String?
    var taken: String?
    var digitized: String?
    var satelliteDate: String?
    var satelliteHour: Int?
    var littleEndian = true

    /// The TIFF structure: directory 0, EXIF directory, GPS directory, then all values.
    func block() -> [UInt8] {
        var main: [Field] = []
        if let software { main.append(.text(0x0131, software)) }
        if let modified { main.append(.text(0x0132, modified)) }
        var exif: [Field] = []
        if let taken { exif.append(.text(0x9003, taken)) }
        if let digitized { exif.append(.text(0x9004, digitized)) }
        var gps: [Field] = []
        if let satelliteHour { gps.append(.hours(0x0007, satelliteHour)) }
        if let satelliteDate { gps.append(.text(0x001D, satelliteDate)) }
        let mainStart = 8
        let exifStart = mainStart + 2 + 12 * (main.count + 2) + 4
        let gpsStart = exifStart + 2 + 12 * exif.count + 4
        main += [.offset(0x8769, exifStart), .offset(0x8825, gpsStart)]
        var values: [UInt8] = []
        let valueStart = gpsStart + 2 + 12 * gps.count + 4
        var bytes = (littleEndian ? Array("II".utf8) : Array("MM".utf8)) + number(42, 2)
        bytes += number(mainStart, 4)
        for directory in [main, exif, gps] {
            bytes += number(directory.count, 2)
            for field in directory {
                bytes += number(field.tag, 2) + number(field.type, 2) + number(field.count, 4)
                let value = field.value(number)
                if value.count <= 4 {
                    bytes += value + [UInt8](repeating: 0, count: 4 - value.count)
                } else {
                    bytes += number(valueStart + values.count, 4)
                    values += value
                }
            }
            bytes += number(0, 4)
        }
        return bytes + values
    }

    private func number(_ value: Int, _ byteCount: Int) -> [UInt8] {
        let little = (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        return littleEndian ? little : little.reversed()
    }

    private enum Field {
        case text(Int, String)
        case offset(Int, Int)
        /// Hours, minutes and seconds as rational numbers.
        case hours(Int, Int)

        var tag: Int {
            switch self {
            case .text(let tag, _), .offset(let tag, _), .hours(let tag, _): tag
            }
        }

        var type: Int {
            switch self {
            case .text: 2
            case .offset: 4
            case .hours: 5
            }
        }

        var count: Int {
            switch self {
            case .text(_, let text): text.utf8.count + 1
            case .offset: 1
            case .hours: 3
            }
        }

        func value(_ number: (Int, Int) -> [UInt8]) -> [UInt8] {
            switch self {
            case .text(_, let text): Array(text.utf8) + [0]
            case .offset(_, let offset): number(offset, 4)
            case .hours(_, let hours):
                [hours, 1, 59, 1, 0, 1].flatMap { number($0, 4) }
            }
        }
    }
}
