import Imaging
import Testing

struct DecodingScaleTests {
    private static let size = PixelSize(width: 403, height: 259)

    @Test(arguments: [
        (403, 259, 1), (203, 10, 1), (202, 130, 2), (202, 131, 1), (101, 65, 4), (51, 33, 8),
        (51, 34, 4), (1, 1, 8), (5000, 5000, 1),
    ])
    func decodesAtTheSmallestScaleThatCovers(width: Int, height: Int, reduction: Int) throws {
        let target = PixelSize(width: width, height: height)
        let image = Pictures.gradient(Self.size)
        for bytes in [try JPEGEncoder().encode(image), try PNGEncoder().encode(image)] {
            let photo = try PhotoDecoder().decode(bytes, covering: target)
            #expect(photo.reduction == reduction, "\(photo.header.format) for \(target)")
            #expect(photo.image.width == (Self.size.width + reduction - 1) / reduction)
            #expect(photo.image.height == (Self.size.height + reduction - 1) / reduction)
        }
    }

    @Test func theUprightPictureCoversNotTheStoredOne() throws {
        let file = try JPEGEncoder().encode(Pictures.gradient(Self.size))
        let turned = FileSurgery.jpeg(file, orientationTag: 6)
        let decoder = PhotoDecoder()
        let wide = try decoder.decode(turned, covering: PixelSize(width: 200, height: 100))
        #expect(wide.reduction == 1)
        let tall = try decoder.decode(turned, covering: PixelSize(width: 100, height: 200))
        #expect(tall.reduction == 2)
        #expect(tall.image.size == PixelSize(width: 130, height: 202))
    }

    /// Both ways of reducing are averages of boxes, up to the codec's own rounding.
    @Test(arguments: [2, 4, 8])
    func reductionLooksLikeAveragedBoxes(reduction: Int) throws {
        let image = Pictures.gradient(Self.size)
        let boxes = Pictures.image(
            PixelSize(
                width: (Self.size.width + reduction - 1) / reduction,
                height: (Self.size.height + reduction - 1) / reduction)
        ) { x, y, channel in
            let columns = x * reduction..<min((x + 1) * reduction, Self.size.width)
            let rows = y * reduction..<min((y + 1) * reduction, Self.size.height)
            let sum = rows.reduce(0) { sum, row in
                columns.reduce(sum) { $0 + Int(image.sample($1, row, channel)) }
            }
            let area = columns.count * rows.count
            return UInt8((sum + area / 2) / area)
        }
        let target = boxes.size
        let png = try PhotoDecoder().decode(PNGEncoder().encode(image), covering: target)
        #expect(png.image == boxes)
        let jpeg = try PhotoDecoder().decode(
            JPEGEncoder(quality: 98, chromaSampling: .full).encode(image), covering: target)
        let difference = try #require(jpeg.image.difference(from: boxes))
        #expect(difference.mean < 2)
    }
}
