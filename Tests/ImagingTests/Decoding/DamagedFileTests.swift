import Imaging
import Testing

/// Files cut off at every length: flagged or refused, never passed as whole, and never with rows
/// counted as real that are not.
struct DamagedFileTests {
    /// Rows of noise take bytes evenly; 40 rows of MCUs make nine tenths a sharp line.
    private static let picture = Pictures.noise(PixelSize(width: 48, height: 640))

    /// Upsampling of colour looks one row ahead, into what was filled in.
    private static let lookAhead = 2

    private static let kinds: [(name: String, encoder: JPEGEncoder)] = [
        ("4:4:4", JPEGEncoder(chromaSampling: .full)),
        ("4:2:0", JPEGEncoder()),
        ("restart markers", JPEGEncoder(restartInterval: 5)),
    ]

    @Test(arguments: 0..<3)
    func cutJpegKeepsExactlyItsRealRows(kind: Int) throws {
        let encoder = Self.kinds[kind].encoder
        let whole = try encoder.encode(Self.picture)
        let intact = try PhotoDecoder().decode(whole)
        #expect(!intact.isDamaged && intact.realRowCount == 640)
        var flagged = 0
        for percent in stride(from: 10, through: 99, by: 1) {
            let cut = Array(whole.prefix(whole.count * percent / 100))
            switch outcome(of: cut) {
            case .success(let photo):
                flagged += 1
                #expect(photo.isDamaged && percent >= 88, "\(percent) %")
                #expect(
                    photo.realRowCount >= 576 && photo.realRowCount <= 640 * (percent + 2) / 100)
                expectSameRows(photo, intact, count: photo.realRowCount - Self.lookAhead)
            case .failure(.truncated(.jpeg, let rowCount, 640)):
                #expect(rowCount < 576 && percent <= 93, "\(percent) %: \(rowCount) rows")
            case .failure(let error):
                Issue.record("\(percent) %: \(error)")
            }
        }
        #expect(flagged >= 5)
    }

    @Test func jpegWithoutItsEndMarkerIsFlaggedWithAllRows() throws {
        let whole = try JPEGEncoder().encode(Self.picture)
        let photo = try PhotoDecoder().decode(Array(whole.dropLast(2)))
        #expect(photo.isDamaged && photo.realRowCount == 640)
        #expect(photo.codecWarning == "Premature end of JPEG file")
        #expect(photo.image == (try PhotoDecoder().decode(whole)).image)
    }

    /// All rows are there once the first scan is; what is missing then is sharpness.
    ///
    /// A file cut inside a table between two scans is refused by the codec itself.
    @Test func cutProgressiveJpegNeedsItsFirstScan() throws {
        let whole = try JPEGEncoder(isProgressive: true).encode(Self.picture)
        var wasDecoded = false
        for percent in stride(from: 2, through: 98, by: 2) {
            switch outcome(of: Array(whole.prefix(whole.count * percent / 100))) {
            case .success(let photo):
                wasDecoded = true
                #expect(photo.isDamaged && photo.realRowCount >= 576)
            case .failure(let error):
                let isInTable = error.code == "photo_undecodable"
                #expect(isInTable || (error.code == "photo_truncated" && !wasDecoded), "\(error)")
            }
        }
        #expect(wasDecoded)
    }

    /// A file of several scans may end in good order before each component had one.
    ///
    /// libjpeg says nothing then, and shows the rest in grey. Found by `scripts/fuzz`.
    @Test func jpegWithoutAllItsComponentsIsNotTakenForWhole() throws {
        let file = FlatJPEG(samples: [100, 90, 160], separateScanCount: 3)
        #expect(try !PhotoDecoder().decode(file.bytes()).isDamaged)
        for scanCount in 1...2 {
            let cut = FlatJPEG(samples: file.samples, separateScanCount: scanCount)
            #expect(
                throws: ImageDecodingError.truncated(
                    format: .jpeg, rowCount: 0, rowCountExpected: 8)
            ) { try PhotoDecoder().decode(cut.bytes()) }
        }
    }

    /// libpng reads 8 KB at once, a twelfth of this file: what lies in a buffer that cannot be
    /// filled is lost.
    @Test func cutPngKeepsExactlyItsRealRows() throws {
        let whole = try PNGEncoder().encode(Self.picture)
        let intact = try PhotoDecoder().decode(whole)
        for percent in stride(from: 10, through: 99, by: 1) {
            switch outcome(of: Array(whole.prefix(whole.count * percent / 100))) {
            case .success(let photo):
                #expect(photo.isDamaged && photo.realRowCount >= 576 && percent >= 88)
                expectSameRows(photo, intact, count: photo.realRowCount)
            case .failure(let error):
                #expect(error.code == "photo_truncated" && percent <= 98, "\(percent) %: \(error)")
            }
        }
    }

    @Test func pngWithoutItsEndIsFlaggedWithAllRows() throws {
        let whole = try PNGEncoder().encode(Self.picture)
        let photo = try PhotoDecoder().decode(Array(whole.dropLast(12)))
        #expect(photo.isDamaged && photo.realRowCount == 640 && photo.image == Self.picture)
    }

    /// Half of the passes of Adam7 show the whole picture coarsely, but no row of it is complete.
    @Test func cutInterlacedPngNeedsItsLastPass() throws {
        let whole = try PNGEncoder(isInterlaced: true).encode(Self.picture)
        let error = #expect(throws: ImageDecodingError.self) {
            try PhotoDecoder().decode(Array(whole.prefix(whole.count * 8 / 10)))
        }
        #expect(error?.code == "photo_truncated")
        let photo = try PhotoDecoder().decode(Array(whole.prefix(whole.count * 98 / 100)))
        #expect(photo.isDamaged && photo.realRowCount < 640)
    }

    @Test func pngWithAWrongChecksumIsRefused() throws {
        var bytes = try PNGEncoder().encode(Self.picture)
        // The last byte of the pixels' checksum; the end chunk takes twelve.
        bytes[bytes.count - 13] ^= 1
        let error = #expect(throws: ImageDecodingError.self) { try PhotoDecoder().decode(bytes) }
        #expect(error?.code == "photo_undecodable")
    }

    /// A chunk of pixel data that the picture no longer needs, right and wrong.
    @Test func surplusPngChunkPassesUnlessItsChecksumIsWrong() throws {
        let whole = try PNGEncoder().encode(Self.picture)
        let surplus = FileSurgery.chunk("IDAT", [1, 2, 3])
        let photo = try PhotoDecoder().decode(whole.dropLast(12) + surplus + whole.suffix(12))
        #expect(photo.image == Self.picture)
        let broken = surplus.dropLast() + [surplus[surplus.count - 1] ^ 1]
        let error = #expect(throws: ImageDecodingError.self) {
            try PhotoDecoder().decode(whole.dropLast(12) + broken + whole.suffix(12))
        }
        #expect(error?.code == "photo_undecodable")
    }

    private func outcome(of bytes: [UInt8]) -> Result<DecodedPhoto, ImageDecodingError> {
        Result { () throws(ImageDecodingError) in try PhotoDecoder().decode(bytes) }
    }

    private func expectSameRows(_ photo: DecodedPhoto, _ intact: DecodedPhoto, count: Int) {
        let sampleCount = count * photo.image.width * 3
        #expect(
            photo.image.pixels.prefix(sampleCount) == intact.image.pixels.prefix(sampleCount),
            "\(count) rows are said to be real")
    }
}
