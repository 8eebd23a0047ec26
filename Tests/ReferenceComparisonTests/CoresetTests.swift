import ReferenceComparison
import Statistics
import Testing

/// The thinned patches cover all others about as well as the best choice would.
struct CoresetTests {
    private static let dimension = 4

    private func vectors(_ count: Int, seed: UInt64) -> [Float] {
        var numbers = SeededGenerator(seed: seed)
        return (0..<count).flatMap { _ in
            let vector = (0..<Self.dimension).map { _ in Float(numbers.unit() - 0.5) }
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return vector.map { $0 / length }
        }
    }

    private func distance(_ vectors: [Float], _ a: Int, _ b: Int) -> Float {
        (0..<Self.dimension).reduce(Float(0)) { sum, index in
            let difference =
                vectors[a * Self.dimension + index] - vectors[b * Self.dimension + index]
            return sum + difference * difference
        }.squareRoot()
    }

    /// How far the worst covered vector is from its nearest chosen one.
    private func radius(_ vectors: [Float], _ chosen: [Int]) -> Float {
        (0..<vectors.count / Self.dimension).map { index in
            chosen.map { distance(vectors, index, $0) }.min() ?? .infinity
        }.max() ?? 0
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func isAtMostTwiceAsWideAsTheBestChoice(seed: UInt64) {
        let vectors = vectors(9, seed: seed)
        let chosen = Coreset.indices(of: vectors, dimension: Self.dimension, limit: 3)
        var best = Float.infinity
        for first in 0..<9 {
            for second in first + 1..<9 {
                for third in second + 1..<9 {
                    best = min(best, radius(vectors, [first, second, third]))
                }
            }
        }
        #expect(Set(chosen).count == 3)
        #expect(radius(vectors, chosen) <= 2 * best + 1e-5)
    }

    @Test(arguments: [1, 5, 40])
    func everyChoiceIsTheFarthestFromThoseBefore(limit: Int) {
        let vectors = vectors(60, seed: 99)
        let chosen = Coreset.indices(of: vectors, dimension: Self.dimension, limit: limit)
        #expect(chosen.count == limit)
        for count in 1..<max(2, chosen.count) where count < chosen.count {
            let before = Array(chosen[..<count])
            let taken = before.map { distance(vectors, chosen[count], $0) }.min() ?? 0
            // Products of floats round where two are about equally far.
            #expect(taken >= radius(vectors, before) - 1e-3)
        }
    }

    @Test func keepsAllWhereTheyAreFew() {
        #expect(
            Coreset.indices(of: vectors(5, seed: 1), dimension: 4, limit: 5) == [0, 1, 2, 3, 4])
    }
}
