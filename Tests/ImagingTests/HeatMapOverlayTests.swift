import Imaging
import Testing

struct HeatMapOverlayTests {
    private static let size = PixelSize(width: 60, height: 40)

    @Test func zeroLeavesThePictureAsItIs() {
        let image = Pictures.gradient(Self.size)
        let map = HeatMap(width: 3, height: 2, values: [0, 0, 0, 0, .nan, -1])
        #expect(HeatMapOverlay().drawn(map, over: image) == image)
    }

    @Test func anOpaqueOverlayShowsOnlyTheMap() {
        let map = HeatMap(width: 1, height: 1, values: [1])
        let overlay = HeatMapOverlay(opacity: 1)
        let black = overlay.drawn(map, over: Pictures.flat(Self.size, 0, 0, 0))
        let white = overlay.drawn(map, over: Pictures.flat(Self.size, 255, 255, 255))
        #expect(black == white)
        #expect(Array(black.pixels.prefix(3)) == [252, 255, 164])
    }

    /// CIE L* from 8-bit sRGB; a larger value must look lighter, also to the colour-blind.
    @Test func lightnessRisesWithTheValue() {
        let overlay = HeatMapOverlay(opacity: 1)
        let values = (0...100).map { 0.01 + Float($0) * 0.0099 }
        let map = HeatMap(width: values.count, height: 1, values: values)
        let size = PixelSize(width: values.count, height: 1)
        let ramp = overlay.drawn(map, over: Pictures.flat(size, 0, 0, 0))
        let luma = (0..<values.count).map { index in
            0.2126 * Double(ramp.sample(index, 0, 0)) + 0.7152 * Double(ramp.sample(index, 0, 1))
                + 0.0722 * Double(ramp.sample(index, 0, 2))
        }
        for (low, high) in zip(luma, luma.dropFirst()) { #expect(low < high) }
    }

    @Test func valuesAreInterpolatedBetweenCellCentres() {
        let map = HeatMap(width: 2, height: 2, values: [0, 1, 0, 1])
        #expect(map.value(x: 0.1, y: 0.5) == 0)
        #expect(map.value(x: 0.5, y: 0.5) == 0.5)
        #expect(map.value(x: 0.9, y: 0.1) == 1)
        #expect(map.value(x: 0, y: 0) == 0 && map.value(x: 1, y: 1) == 1)
    }

    @Test func heatLiesWhereTheCellIs() {
        var values = [Float](repeating: 0, count: 35)
        values[2 * 7 + 5] = 1
        let map = HeatMap(width: 7, height: 5, values: values)
        let image = Pictures.flat(PixelSize(width: 70, height: 50), 0, 0, 0)
        let drawn = HeatMapOverlay().drawn(map, over: image)
        var brightest = (x: 0, y: 0, level: 0)
        for y in 0..<50 {
            for x in 0..<70 where Int(drawn.sample(x, y, 0)) > brightest.level {
                brightest = (x, y, Int(drawn.sample(x, y, 0)))
            }
        }
        #expect((50..<60).contains(brightest.x) && (20..<30).contains(brightest.y))
    }
}
