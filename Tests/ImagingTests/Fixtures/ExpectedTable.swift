import Foundation
import TestSupport

/// A table of expected values that scripts/reference-pixels wrote.
enum ExpectedTable {
    /// The rows of a tab-separated file beside these tests.
    static func rows(_ name: String) throws -> [[String]] {
        let file = Repository.root.appending(path: "Tests/ImagingTests/Expected/\(name)")
        return try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    }

    /// FNV-1a, 64 bits, as the script writes it.
    static func hash(_ bytes: [UInt8]) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
