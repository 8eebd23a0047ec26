import Foundation

/// RGB profiles of three curves and a matrix, written from the specification.
///
/// - SeeAlso: ICC.1:2022, sections 7 (header, tags) and 10 (types).
struct ProfileFixture {
    /// The XYZ of full red, green and blue under D50, as profiles keep them.
    let primaries: [[Double]]
    /// Exponent of the curve that makes samples linear.
    let gamma: Double

    /// Apple's Display P3, with a plain exponent in place of sRGB's curve.
    static let displayP3 = ProfileFixture(
        primaries: [
            [0.51512, 0.24120, -0.00105], [0.29198, 0.69225, 0.04189], [0.15710, 0.06657, 0.78407],
        ], gamma: 2.2)

    /// Adobe RGB (1998).
    static let adobeRGB = ProfileFixture(
        primaries: [
            [0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457],
        ], gamma: 2.19921875)

    private static let sRGBPrimaries = [
        [0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.71410],
    ]

    /// The bytes of an ICC version 2 profile.
    func icc() -> [UInt8] {
        let curve =
            Array("curv".utf8) + word(0) + word(1) + half(Int((gamma * 256).rounded())) + [0, 0]
        let name = Array("Test profile".utf8) + [0]
        let description =
            Array("desc".utf8) + word(0) + word(name.count) + name
            + [UInt8](repeating: 0, count: 78 + 3)
        var tags: [(String, [UInt8])] = [
            ("desc", description), ("wtpt", xyz([0.9642, 1, 0.8249])),
        ]
        for (letter, primary) in zip(["r", "g", "b"], primaries) {
            tags.append(("\(letter)XYZ", xyz(primary)))
            tags.append(("\(letter)TRC", curve))
        }
        var offset = 128 + 4 + tags.count * 12
        var table = word(tags.count)
        var content: [UInt8] = []
        for (name, bytes) in tags {
            table += Array(name.utf8) + word(offset) + word(bytes.count)
            content += bytes
            offset += bytes.count
        }
        return header(byteCount: offset) + table + content
    }

    /// The sRGB samples that a colour of this space is, by the formulas alone.
    func sRGB(_ samples: [UInt8]) -> [Double] {
        let linear = samples.map { pow(Double($0) / 255, gamma) }
        let xyz = (0..<3).map { axis in
            (0..<3).reduce(0) { $0 + linear[$1] * primaries[$1][axis] }
        }
        return Self.solve(Self.sRGBPrimaries, xyz).map { value in
            let curved = value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
            return min(max(curved, 0), 1) * 255
        }
    }

    /// The amounts of three columns that make a sum, by Cramer's rule.
    private static func solve(_ columns: [[Double]], _ sum: [Double]) -> [Double] {
        func determinant(_ a: [Double], _ b: [Double], _ c: [Double]) -> Double {
            a[0] * (b[1] * c[2] - b[2] * c[1]) - b[0] * (a[1] * c[2] - a[2] * c[1])
                + c[0] * (a[1] * b[2] - a[2] * b[1])
        }
        let whole = determinant(columns[0], columns[1], columns[2])
        return [
            determinant(sum, columns[1], columns[2]) / whole,
            determinant(columns[0], sum, columns[2]) / whole,
            determinant(columns[0], columns[1], sum) / whole,
        ]
    }

    private func header(byteCount: Int) -> [UInt8] {
        word(byteCount) + Array("none".utf8) + [2, 0x10, 0, 0] + Array("mntrRGB XYZ ".utf8)
            + [UInt8](repeating: 0, count: 12) + Array("acsp".utf8)
            + [UInt8](repeating: 0, count: 28) + fixed(0.9642) + fixed(1) + fixed(0.8249)
            + [UInt8](repeating: 0, count: 48)
    }

    private func xyz(_ values: [Double]) -> [UInt8] {
        Array("XYZ ".utf8) + word(0) + values.flatMap(fixed)
    }

    private func fixed(_ value: Double) -> [UInt8] { word(Int((value * 65_536).rounded())) }

    private func word(_ value: Int) -> [UInt8] { FileSurgery.bigEndian(value) }

    private func half(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
}
