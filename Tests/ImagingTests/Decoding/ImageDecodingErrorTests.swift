import Imaging
import Testing

struct ImageDecodingErrorTests {
    /// Magic bytes decide, and the name is for people.
    @Test(
        arguments: [
            ("HEIC", [0, 0, 0, 24] + Array("ftypheic".utf8)),
            ("AVIF", [0, 0, 0, 28] + Array("ftypavif".utf8)),
            ("MP4 video", [0, 0, 0, 28] + Array("ftypisom".utf8)),
            ("WebP", Array("RIFF\u{1}\u{2}\u{3}\u{4}WEBPVP8 ".utf8)),
            ("GIF", Array("GIF89a".utf8)), ("BMP", Array("BM1234".utf8)),
            ("TIFF", [0x49, 0x49, 0x2A, 0]), ("TIFF", [0x4D, 0x4D, 0, 0x2A]),
            ("JPEG 2000", [0xFF, 0x4F, 0xFF, 0x51]), ("JPEG XL", [0xFF, 0x0A]),
            ("JPEG XL", [0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
            ("PDF", Array("%PDF-1.7".utf8)), ("Photoshop", Array("8BPS".utf8)),
            ("SVG", Array("<?xml version=\"1.0\"?>\n<svg>".utf8)),
            ("HTML", Array("  <!DOCTYPE html><html>".utf8)), ("Windows icon", [0, 0, 1, 0]),
            ("ZIP archive", [0x50, 0x4B, 3, 4]),
        ] as [(String, [UInt8])])
    func knownFormatsAreRefusedByName(name: String, bytes: [UInt8]) {
        let expected = ImageDecodingError.unsupportedFormat(name: name)
        #expect(throws: expected) { try PhotoDecoder().decode(bytes) }
        #expect(
            expected.description == "photo is \(name), which is not read; "
                + "JPEG and PNG are accepted")
    }

    @Test(arguments: [[0], [0xFF], [0x89, 0x50, 0x4E], Array("hello".utf8)] as [[UInt8]])
    func otherBytesAreNoPicture(bytes: [UInt8]) {
        #expect(throws: ImageDecodingError.unrecognizedFormat) { try PhotoDecoder().decode(bytes) }
    }

    /// The sentence names the value, the bound and the setting.
    @Test(
        arguments: [
            (.empty, "photo_empty", "photo is empty; JPEG and PNG are accepted"),
            (
                .unrecognizedFormat, "unsupported_format",
                "photo is no picture of a known format; JPEG and PNG are accepted"
            ),
            (
                .unsupportedEncoding(format: .jpeg, codecMessage: "12 bits"),
                "unsupported_encoding",
                "JPEG of a kind that is not read: 12 bits; save it as 8-bit baseline JPEG"
            ),
            (
                .tooManyBytes(byteCount: 21, limit: 20), "photo_too_large",
                "photo has 21 bytes, more than the 20 of byteCountLimit"
            ),
            (
                .tooManyPixels(pixelCount: 9, limit: 8), "too_many_pixels",
                "photo declares 9 pixels, more than the 8 of pixelCountLimit"
            ),
            (
                .tooManyInterlacedPixels(pixelCount: 9, limit: 8), "too_many_interlaced_pixels",
                "interlaced PNG declares 9 pixels, more than the 8 of interlacedPixelCountLimit; "
                    + "save it without interlacing"
            ),
            (
                .sideTooLong(side: 9, limit: 8), "side_too_long",
                "photo declares a side of 9 pixels, more than the 8 of sideLimit"
            ),
            (
                .tooManyScans(limit: 100), "too_many_scans",
                "JPEG has more scans than the 100 of scanCountLimit"
            ),
            (
                .tooManyFrames(frameCount: 2, limit: 1), "too_many_frames",
                "PNG is an animation of 2 frames, more than the 1 of frameCountLimit"
            ),
            (
                .metadataTooLarge(byteCount: 9, limit: 8), "metadata_too_large",
                "photo carries 9 bytes of metadata, more than the 8 of metadataByteCountLimit"
            ),
            (
                .tooMuchMemory(byteCount: 9, limit: 8), "decoder_memory_limit",
                "decoding the photo needs 9 bytes of memory, more than the 8 bytes of "
                    + "memoryByteCountLimit"
            ),
            (
                .tooMuchMemory(byteCount: nil, limit: 8), "decoder_memory_limit",
                "decoding the photo needs more than the 8 bytes of memoryByteCountLimit"
            ),
            (
                .outOfTime(limit: .seconds(1)), "decoding_deadline",
                "decoding the photo takes more processor time than the 1.0 seconds of "
                    + "processorTimeLimit"
            ),
            (
                .truncated(format: .jpeg, rowCount: 5, rowCountExpected: 10), "photo_truncated",
                "JPEG holds 5 of its 10 rows, fewer than 90 %; send the photo again"
            ),
            (
                .malformed(format: .png, codecMessage: "IDAT: CRC error"), "photo_undecodable",
                "PNG cannot be decoded: IDAT: CRC error"
            ),
            (
                .decoderFailed(.silent(seconds: 10)), "decoder_failed",
                "the process that decodes photos gave no picture: it did not answer within 10 s; "
                    + "save the photo anew"
            ),
        ] as [(ImageDecodingError, String, String)])
    func saysWhatIsWrong(error: ImageDecodingError, code: String, sentence: String) {
        #expect(error.code == code)
        #expect(error.description == sentence)
    }
}
