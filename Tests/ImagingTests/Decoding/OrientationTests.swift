import Imaging
import Testing

struct OrientationTests {
    private static let stored = PixelSize(width: 37, height: 22)

    /// Where an upright pixel is stored: Exif 2.32, section 4.6.4 A, in plain words.
    private static func storedPosition(
        _ u: Int, _ v: Int, _ tag: Int
    ) -> (x: Int, y: Int) {
        let right = stored.width - 1
        let bottom = stored.height - 1
        return switch tag {
        case 2: (right - u, v)
        case 3: (right - u, bottom - v)
        case 4: (u, bottom - v)
        case 5: (v, u)
        case 6: (v, bottom - u)
        case 7: (right - v, bottom - u)
        case 8: (right - v, u)
        default: (u, v)
        }
    }

    private static func upright(_ image: RGBImage, tag: Int) -> RGBImage {
        let size = (5...8).contains(tag) ? image.size.transposed : image.size
        return Pictures.image(size) { u, v, channel in
            let (x, y) = storedPosition(u, v, tag)
            return image.sample(x, y, channel)
        }
    }

    @Test(arguments: 0...9, [false, true])
    func jpegIsTurnedUpright(tag: Int, littleEndian: Bool) throws {
        let file = try JPEGEncoder().encode(Pictures.gradient(Self.stored))
        let tagged = FileSurgery.jpeg(file, orientationTag: tag, littleEndian: littleEndian)
        let decoder = PhotoDecoder()
        let plain = try decoder.decode(file).image
        let photo = try decoder.decode(tagged)
        #expect(photo.image == Self.upright(plain, tag: tag))
        #expect(photo.header.storedSize == Self.stored)
        #expect(photo.header.uprightSize == photo.image.size)
    }

    @Test(arguments: 1...8)
    func pngIsTurnedUpright(tag: Int) throws {
        let picture = Pictures.noise(Self.stored)
        let file = try PNGEncoder().encode(picture)
        let exif = FileSurgery.exif(tag, littleEndian: false)
        let photo = try PhotoDecoder().decode(FileSurgery.png(file, inserting: "eXIf", exif))
        #expect(photo.image == Self.upright(picture, tag: tag))
    }

    /// Whatever a block says, decoding goes on upright.
    @Test(
        arguments: [
            [], [0x4D], Array("MM\0*".utf8), [0x4D, 0x4D, 0, 0x2A, 0xFF, 0xFF, 0xFF, 0xFF],
            // A directory that claims 65,535 entries, and one that points at itself.
            [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0xFF, 0xFF],
            [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 0],
            [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 2, 0, 1, 0, 0, 0, 6, 0, 0, 0],
        ] as [[UInt8]])
    func brokenExifMeansUpright(block: [UInt8]) throws {
        let file = try JPEGEncoder().encode(Pictures.gradient(Self.stored))
        let payload = Array("Exif\0\0".utf8) + block
        let tagged = FileSurgery.jpeg(file, inserting: payload, marker: 0xE1)
        #expect(try PhotoDecoder().decode(tagged).header.orientation == .topLeft)
    }
}
