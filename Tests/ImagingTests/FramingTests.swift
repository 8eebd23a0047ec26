import Imaging
import Testing

struct FramingTests {
    private static let size = PixelSize(width: 256, height: 192)

    private static func framing(_ isGoods: (Int, Int) -> Bool) -> Framing? {
        Framing(of: Pictures.image(size) { x, y, _ in isGoods(x, y) ? 40 : 200 })
    }

    @Test func anItemIsMeasuredByItsBox() throws {
        let framing = try #require(
            Self.framing { x, y in (64..<192).contains(x) && (80..<112).contains(y) })
        #expect(abs(framing.reach - 0.5) < 0.04)
        #expect(framing.edgeShare == 0)
        #expect(abs(framing.goodsShare - 1.0 / 12) < 0.01)
    }

    @Test func theSideThatCutsMostCounts() throws {
        let framing = try #require(
            Self.framing { x, y in x < 60 && (20..<164).contains(y) || (200..<210).contains(x) })
        #expect(abs(framing.edgeShare - 0.75) < 0.04)
    }

    @Test func nothingIsSaidOfBusyOrEmptyPictures() {
        #expect(Self.framing { x, y in (x / 32 + y / 32) % 2 == 0 } == nil)
        #expect(Self.framing { _, _ in false } == nil)
    }

    @Test(arguments: [(1, 1), (1, 300), (3, 2)])
    func anySizeIsSurvived(width: Int, height: Int) {
        let framing = Framing(of: Pictures.noise(PixelSize(width: width, height: height)))
        #expect(framing.map { (0...1).contains($0.reach) } ?? true)
    }
}
