import Foundation

extension [Float] {
    /// The elements as they lie in files.
    var littleEndianData: Data { map(\.bitPattern).littleEndianData }
}

extension [Double] {
    /// The elements as they lie in files.
    var littleEndianData: Data { map(\.bitPattern).littleEndianData }
}

extension Array where Element: FixedWidthInteger {
    /// The elements as they lie in files.
    var littleEndianData: Data {
        Data(
            flatMap { element in
                (0..<Element.bitWidth / 8).map { UInt8(truncatingIfNeeded: element >> ($0 * 8)) }
            })
    }
}
