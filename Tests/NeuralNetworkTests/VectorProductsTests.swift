import NeuralNetwork
import Statistics
import Testing

/// Products of many vectors agree with a plain loop.
struct VectorProductsTests {
    @Test(arguments: [(1, 1, 3), (5, 7, 4), (49, 300, 17), (3, 129, 128), (196, 128, 64)])
    func largestProductsMatchALoop(queryCount: Int, vectorCount: Int, dimension: Int) {
        var numbers = SeededGenerator(seed: UInt64(queryCount &* 31 &+ vectorCount))
        let queries = numbers.floats(queryCount * dimension)
        let vectors = numbers.floats(vectorCount * dimension)
        let rows = vectorCount / 4..<vectorCount
        var largest = [Float](repeating: -.infinity, count: queryCount)
        VectorProducts.raise(
            &largest, of: queries, with: vectors, rows: rows, dimension: dimension)
        for query in 0..<queryCount {
            let expected = rows.map { row in
                (0..<dimension).reduce(Float(0)) {
                    $0 + queries[query * dimension + $1] * vectors[row * dimension + $1]
                }
            }.max()
            // Sums of up to 128 products of numbers below 1.
            #expect(abs(largest[query] - (expected ?? 0)) < 1e-4)
        }
    }

    @Test func onlyRaises() {
        var largest: [Float] = [5, -5]
        VectorProducts.raise(&largest, of: [1, 2], with: [3, 0], rows: 0..<2, dimension: 1)
        #expect(largest == [5, 6])
        VectorProducts.raise(&largest, of: [1, 2], with: [3, 9], rows: 1..<1, dimension: 1)
        #expect(largest == [5, 6])
    }

    @Test func joinsImagesOfSeveralScales() {
        let fine = PixelVectors(
            rowCount: 2, columnCount: 2, channelCount: 1, elements: [1, 2, 3, 4])
        let coarse = PixelVectors(
            rowCount: 1, columnCount: 1, channelCount: 2, elements: [3, 4])
        let joined = PixelVectors.joined([fine, coarse], rowCount: 2, columnCount: 2)
        #expect(joined.channelCount == 3)
        for pixel in 0..<4 {
            let vector = joined.elements[pixel * 3..<pixel * 3 + 3]
            #expect(zip(vector, [1, 0.6, 0.8]).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }

    @Test func averagesOverWhatLiesInTheImage() {
        let image = PixelVectors(
            rowCount: 3, columnCount: 3, channelCount: 1, elements: (1...9).map(Float.init))
        let means = image.locallyAveraged().elements
        #expect(zip(means, [3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7]).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func interpolatesBetweenCentres() {
        let image = PixelVectors(
            rowCount: 1, columnCount: 2, channelCount: 2, elements: [1, 0, 0, 1])
        let joined = PixelVectors.joined([image], rowCount: 1, columnCount: 4).elements
        let expected = [(1, 0), (0.75, 0.25), (0.25, 0.75), (0, 1)].flatMap { (a, b) -> [Double] in
            let length = (a * a + b * b).squareRoot()
            return [a / length, b / length]
        }
        #expect(zip(joined, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    }
}
