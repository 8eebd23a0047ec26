import Imaging
import TestSupport
import Testing

@Suite struct MetadataSignTests {
    private static let picture = FlatJPEG(samples: [100]).bytes()

    /// A JPEG with an EXIF block.
    private func jpeg(_ exif: StatedExif) -> [UInt8] {
        FileSurgery.jpeg(
            Self.picture, inserting: Array("Exif\0\0".utf8) + exif.block(), marker: 0xE1)
    }

    private func jpeg(xmp: String) -> [UInt8] {
        FileSurgery.jpeg(
            Self.picture,
            inserting: Array("http://ns.adobe.com/xap/1.0/\0".utf8) + Array(xmp.utf8),
            marker: 0xE1)
    }

    private func png(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        FileSurgery.png(
            FileSurgery.pngHeader(PixelSize(width: 1, height: 1)), inserting: type, payload)
    }

    @Test(arguments: [
        "Adobe Photoshop 25.1 (Windows)", "Adobe Photoshop Lightroom Classic 13.0 (Macintosh)",
        "GIMP 2.10.30", "Snapseed 2.0", "PicsArt", "paint.net 5.0", "VSCO", "Affinity Photo 2.3.0",
        "Pixelmator Pro 3.4", "Photopea", "Meitu",
    ])
    func aPictureEditorIsNamed(software: String) {
        for littleEndian in [true, false] {
            let exif = StatedExif(software: software, littleEndian: littleEndian)
            #expect(MetadataSign.signs(in: jpeg(exif)) == [.editingSoftware])
        }
    }

    /// Phones, cameras, galleries, converters: as they write themselves.
    @Test(arguments: [
        "18.0", "6.0", "G991BXXU5CVGB", "HDR+ 1.0.540104767zd", "32.1.A.1.185_0_f500",
        "Digital Camera FinePix F40fd   Ver1.01", "MediaTek Camera Application", "ILCE-7M3 v3.01",
        "Windows Photo Editor 10.0.10011.16384", "Photos 9.0", "Google", "Picasa",
        "ImageMagick 6.9.11-60", "ELE-L29 10.1.0.162(C431E19R2P5)", "Canon EOS 20D",
        "Adobe DNG Converter 15.2", "canvas 1.0", "gimpel scanner", "", " ",
    ])
    func aCameraOrAGalleryIsNone(software: String) {
        #expect(MetadataSign.signs(in: jpeg(StatedExif(software: software))) == [])
    }

    /// What a transfer app leaves: nothing at all.
    @Test func aPhotoWithoutMetadataSaysNothing() {
        #expect(MetadataSign.signs(in: Self.picture) == [])
        #expect(MetadataSign.signs(in: jpeg(StatedExif())) == [])
        #expect(MetadataSign.signs(in: []) == [])
        #expect(MetadataSign.signs(in: Array("GIF89a".utf8)) == [])
    }

    /// Modified, taken, digitised, satellites' date and hour; whether they contradict.
    @Test(
        arguments: [
            // As phones write it, also abroad: the satellites' time is UTC, the others are local.
            (
                "2024:09:28 11:03:29", "2024:09:28 11:03:29", "2024:09:28 11:03:29", "2024:09:28",
                9, false
            ),
            ("2024:09:28 01:03:29", "2024:09:28 01:03:29", nil, "2024:09:27", 11, false),
            ("2024:09:27 22:00:00", "2024:09:27 22:00:00", nil, "2024:09:28", 9, false),
            // Turned in a gallery a year later; a receiver with an old position; a scan.
            ("2025:09:28 11:03:29", "2024:09:28 11:03:29", nil, nil, nil, false),
            (nil, "2024:09:28 11:03:29", nil, "2005:02:12", 9, false),
            (nil, "1998:09:28 11:03:29", "2024:01:01 10:00:00", nil, nil, false),
            // What phones got wrong: a day of the year as a date, a clock that was never set.
            (nil, "2014:09:16 14:05:12", nil, "2014:09:259", 13, false),
            ("2024:09:28 11:03:29", "0000:00:00 00:00:00", nil, "2024:09:28", 9, false),
            (nil, "1970:01:01 00:00:10", nil, "2024:09:28", 9, false),
            ("yesterday", "2024:09:28 11:03:29", "2024:09:31", nil, nil, false),
            // Just inside and outside of a day and the widest distance of zones.
            ("2024:09:27 09:03:29", "2024:09:28 11:03:29", nil, nil, nil, false),
            ("2024:09:27 09:03:28", "2024:09:28 11:03:29", nil, nil, nil, true),
            (nil, "2024:09:28 11:03:29", "2024:09:27 09:03:28", nil, nil, true),
            (nil, "2024:02:28 22:00:00", nil, "2024:03:01", 0, false),
            (nil, "2024:02:28 22:00:00", nil, "2024:03:01", 1, true),
            (nil, "2024:09:28 11:03:29", nil, "2024:10:09", nil, true),
            ("2019:01:01 00:00:00", "2024:09:28 11:03:29", "2024:09:28 11:03:29", nil, nil, true),
        ] as [(String?, String?, String?, String?, Int?, Bool)])
    func timesThatCannotAllBeRightAreFound(
        modified: String?, taken: String?, digitized: String?, satelliteDate: String?, hour: Int?,
        contradict: Bool
    ) {
        let exif = StatedExif(
            modified: modified, taken: taken, digitized: digitized, satelliteDate: satelliteDate,
            satelliteHour: hour)
        #expect(
            MetadataSign.signs(in: jpeg(exif)) == (contradict ? [.timesContradict] : []),
            "\(exif)")
    }

    @Test(
        arguments: [
            (#"<rdf:Description xmp:CreatorTool="Adobe Photoshop 25.1"/>"#, [.editingSoftware]),
            ("<xmp:CreatorTool>\n Snapseed</xmp:CreatorTool>", [.editingSoftware]),
            ("<rdf:li stEvt:action='saved' stEvt:softwareAgent='GIMP 2.10'/>", [.editingSoftware]),
            (#"<rdf:Description xmp:CreatorTool="18.0" xmp:CreateDate="2024"/>"#, []),
            (#"<dc:title>How to use Adobe Photoshop</dc:title>"#, []),
            (
                "<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/"
                    + "compositeWithTrainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>",
                [.generatedContent]
            ),
            (
                #"<x a:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/"#
                    + #"trainedAlgorithmicMedia" xmp:CreatorTool="Adobe Firefly"/>"#,
                [.editingSoftware, .generatedContent]
            ),
            (
                "<x a:DigitalSourceType='http://cv.iptc.org/newscodes/digitalsourcetype/"
                    + "computationalCapture'/>",
                []
            ),
            ("<xmp:CreatorTool", []), ("<xmp:CreatorTool>", []), ("xmp:CreatorTool=\"", []),
        ] as [(String, [MetadataSign])])
    func xmpIsSearched(xmp: String, signs: [MetadataSign]) {
        #expect(MetadataSign.signs(in: jpeg(xmp: xmp)) == signs)
        let text = Array("XML:com.adobe.xmp\0\0\0\0\0".utf8) + Array(xmp.utf8)
        #expect(MetadataSign.signs(in: png("iTXt", text)) == signs)
    }

    @Test func pngTextsAreRead() {
        func text(_ keyword: String, _ value: String) -> [UInt8] {
            Array("\(keyword)\0\(value)".utf8)
        }
        #expect(
            MetadataSign.signs(in: png("tEXt", text("Software", "Adobe ImageReady")))
                == [.editingSoftware])
        #expect(MetadataSign.signs(in: png("tEXt", text("Software", "gnome-screenshot"))) == [])
        #expect(MetadataSign.signs(in: png("tEXt", text("Comment", "Adobe ImageReady"))) == [])
        #expect(
            MetadataSign.signs(in: png("tEXt", text("parameters", "a phone\nSteps: 20, Seed: 1")))
                == [.generatedContent])
        let exif = StatedExif(software: "GIMP 2.10").block()
        #expect(MetadataSign.signs(in: png("eXIf", exif)) == [.editingSoftware])
        // Compressed text is not read.
        let compressed = Array("XML:com.adobe.xmp\0\u{1}\0\0\0xmp:CreatorTool=\"GIMP\"".utf8)
        #expect(MetadataSign.signs(in: png("iTXt", compressed)) == [])
    }

    /// Far more text than any photo has is read up to a limit, whatever stands in it.
    @Test func whatLiesBeyondTheLimitsSaysNothing() {
        let padding = String(repeating: " ", count: 1 << 18)
        let late = Array("XML:com.adobe.xmp\0\0\0\0\0\(padding)a:CreatorTool='GIMP'".utf8)
        #expect(MetadataSign.signs(in: png("iTXt", late)) == [])
        let many = String(repeating: "a:CreatorTool='18.0' ", count: 64) + "a:CreatorTool='GIMP'"
        #expect(MetadataSign.signs(in: jpeg(xmp: many)) == [])
        let long = String(repeating: "x", count: 300) + " GIMP"
        #expect(MetadataSign.signs(in: jpeg(StatedExif(software: long))) == [])
    }

    /// No change of one byte makes reading a block fail otherwise than by saying nothing.
    @Test func brokenBlocksSayNothing() {
        let exif = StatedExif(
            software: "GIMP", modified: "2024:09:28 11:03:29", taken: "2024:09:28 11:03:29",
            satelliteDate: "2024:09:28", satelliteHour: 9
        ).block()
        var counts: [Int: Int] = [:]
        for index in exif.indices {
            for value in [0x00, 0x7F, 0xFF] as [UInt8] {
                var broken = exif
                broken[index] = value
                let photo = FileSurgery.jpeg(
                    Self.picture, inserting: Array("Exif\0\0".utf8) + broken, marker: 0xE1)
                counts[MetadataSign.signs(in: photo).count, default: 0] += 1
            }
            let cut = FileSurgery.jpeg(
                Self.picture, inserting: Array("Exif\0\0".utf8) + exif.prefix(index), marker: 0xE1)
            counts[MetadataSign.signs(in: cut).count, default: 0] += 1
        }
        #expect(counts.values.reduce(0, +) == 4 * exif.count && counts[1] ?? 0 > exif.count)
    }
}

/// Real photos that nobody edited: a reason to look at each of them would be a false one.
@Suite(.enabled(if: Corpus.isPresent))
struct CorpusMetadataSignTests {
    @Test(arguments: ["photos-full-size", "exif-orientation"])
    func noPhotoFromACameraOrPhoneIsSuspected(folder: String) throws {
        let photos = Corpus.entries.filter { $0.path.hasPrefix("\(folder)/") }
        let suspected = try photos.filter { entry in
            try !MetadataSign.signs(in: Corpus.bytes(entry.path)).isEmpty
        }
        print("metadata signs: \(suspected.count) of \(photos.count) photos in \(folder)")
        #expect(photos.count >= 5 && suspected.isEmpty, "\(suspected.map(\.path))")
    }

    /// Whatever the bytes are, reading ends.
    @Test func everyFileOfTheCorpusIsRead() throws {
        var counts: [String: Int] = [:]
        for entry in Corpus.entries {
            for sign in try MetadataSign.signs(in: Corpus.bytes(entry.path)) {
                counts[sign.rawValue, default: 0] += 1
            }
        }
        print("metadata signs: \(counts) in \(Corpus.entries.count) files of the corpora")
    }
}
