import Foundation
import Imaging
import Inspection
import ReturnsDomain
import TestSupport
import Testing

/// How often photos of others are called too far or cut off, and those made so are.
struct FramingOnPhotosTests {
    private struct Counts {
        var photos = 0
        var tooFar = 0
        var cutOff = 0
        var shrunk = 0
        var shrunkFound = 0
        var cut = 0
        var cutFound = 0
    }

    private static let manifest = Repository.shared("data/manifest.csv")

    private static func issues(_ image: RGBImage) -> [ReasonCode] {
        QualityLimits().quality(
            of: QualityFeatures(of: image), size: image.size, view: .front
        ).issues
    }

    @Test(.enabled(if: manifest != nil, "../shared/data is absent"))
    func fewAreCalledSoAndMostThatAreMadeSo() throws {
        let lines = try String(contentsOf: #require(Self.manifest), encoding: .utf8)
            .split(whereSeparator: \.isNewline).dropFirst()
        let decoder = PhotoDecoder()
        var all = Counts()
        for (number, line) in lines.enumerated() where number % 8 == 0 {
            let path = try #require(line.split(separator: ",").first)
            let file = try #require(Repository.shared("data/" + path))
            let image = try decoder.decode(Array(Data(contentsOf: file))).image
            Self.count(image, in: &all)
        }
        print(
            "framing: of \(all.photos) photos \(all.tooFar) too far, \(all.cutOff) cut off; "
                + "of items on plain ground \(all.shrunkFound) of \(all.shrunk) that were shrunk "
                + "to a fifth and \(all.cutFound) of \(all.cut) that were cut are found")
        #expect(all.photos > 900)
        #expect(Double(all.tooFar) < 0.01 * Double(all.photos))
        #expect(Double(all.cutOff) < 0.05 * Double(all.photos))
        #expect(all.shrunk > 50 && Double(all.shrunkFound) > 0.7 * Double(all.shrunk))
        #expect(all.cut > 50 && Double(all.cutFound) > 0.3 * Double(all.cut))
    }

    private static func count(_ image: RGBImage, in counts: inout Counts) {
        counts.photos += 1
        let issues = issues(image)
        if issues.contains(.photoTooFar) { counts.tooFar += 1 }
        if issues.contains(.photoCutOff) { counts.cutOff += 1 }
        // An item that is whole on a plain ground can be made small, and cut.
        guard let framing = Framing(of: image), framing.edgeShare == 0, framing.reach > 0.3 else {
            return
        }
        counts.shrunk += 1
        let far = image.onItsGround(scaledBy: 0.2 / framing.reach)
        if Self.issues(far).contains(.photoTooFar) { counts.shrunkFound += 1 }
        counts.cut += 1
        if Self.issues(image.leftOut(0.5)).contains(.photoCutOff) { counts.cutFound += 1 }
    }
}

extension RGBImage {
    /// The picture, smaller, in the middle of a ground of the colour of its corner.
    fileprivate func onItsGround(scaledBy scale: Double) -> RGBImage {
        let small = resized(
            to: PixelSize(
                width: max(1, Int(Double(width) * scale)),
                height: max(1, Int(Double(height) * scale))))
        guard small.width <= width, small.height <= height else { return self }
        var result = pixels
        for pixel in 0..<width * height {
            for channel in 0..<3 { result[pixel * 3 + channel] = pixels[channel] }
        }
        let (left, top) = ((width - small.width) / 2, (height - small.height) / 2)
        for row in 0..<small.height {
            let from = row * small.width * 3
            let to = ((top + row) * width + left) * 3
            result.replaceSubrange(
                to..<to + small.width * 3, with: small.pixels[from..<from + small.width * 3])
        }
        return RGBImage(width: width, height: height, pixels: result)
    }

    /// What is right of a share of the width.
    fileprivate func leftOut(_ share: Double) -> RGBImage {
        let first = Int(Double(width) * share)
        var result: [UInt8] = []
        for row in 0..<height {
            result += pixels[(row * width + first) * 3..<(row + 1) * width * 3]
        }
        return RGBImage(width: width - first, height: height, pixels: result)
    }
}
