import Imaging
import Testing

struct ResizeTests {
    /// Pillow rounds its weights in another precision on some builds.
    private static let tolerance = 1

    @Test func agreesWithPillow() throws {
        let rows = try ExpectedTable.rows("resize.tsv")
        #expect(rows.count == 10)
        for row in rows {
            let source = try size(row[0])
            let target = try size(row[1])
            let expected = RGBImage(
                width: target.width, height: target.height, pixels: try samples(row[2]))
            let resized = Pictures.pattern(source).resized(to: target)
            let difference = try #require(resized.difference(from: expected))
            #expect(difference.largest <= Self.tolerance, "\(source) to \(target): \(difference)")
        }
    }

    @Test(arguments: [(1, 1), (7, 5), (40, 30), (80, 31), (333, 3)])
    func keepsAFlatColourExactly(width: Int, height: Int) {
        let flat = Pictures.flat(PixelSize(width: 40, height: 30), 255, 0, 129)
        let size = PixelSize(width: width, height: height)
        #expect(flat.resized(to: size) == Pictures.flat(size, 255, 0, 129))
    }

    @Test func returnsTheSamePictureAtTheSameSize() {
        let image = Pictures.noise(PixelSize(width: 9, height: 4))
        #expect(image.resized(to: image.size) == image)
    }

    @Test func aMirrorTurnsLeftToRight() {
        let image = RGBImage(width: 3, height: 1, pixels: [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(image.mirrored().pixels == [7, 8, 9, 4, 5, 6, 1, 2, 3])
        let noise = Pictures.noise(PixelSize(width: 4, height: 5))
        #expect(noise.mirrored() != noise && noise.mirrored().mirrored() == noise)
    }

    private func size(_ text: String) throws -> PixelSize {
        let sides = text.split(separator: "x").compactMap { Int($0) }
        try #require(sides.count == 2)
        return PixelSize(width: sides[0], height: sides[1])
    }

    private func samples(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex)
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
        }
    }
}
