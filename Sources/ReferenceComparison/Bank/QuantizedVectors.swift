import NeuralNetwork

/// Vectors of length 1 in one byte a number, and as floats for products.
///
/// Each number is rounded to a 127th of its vector's largest; the distance of two patches of 128
/// numbers changes by less than 0.01. What is compared is always the rounded vector, so that a bank
/// scores the same before and after it was stored.
struct QuantizedVectors: Hashable, Sendable {
    let dimension: Int
    /// −127…127, one vector after the other.
    let bytes: [Int8]
    /// The rounded vectors, scaled to length 1 again.
    let elements: [Float]

    /// Rounds vectors.
    init(_ vectors: [Float], dimension: Int) {
        var bytes = [Int8](repeating: 0, count: vectors.count)
        for start in stride(from: 0, to: vectors.count, by: dimension) {
            let range = start..<start + dimension
            let largest = vectors[range].reduce(0) { max($0, abs($1)) }
            guard largest > 0 else { continue }
            for index in range { bytes[index] = Int8((vectors[index] / largest * 127).rounded()) }
        }
        self.init(bytes: bytes, dimension: dimension)
    }

    /// Takes rounded vectors over.
    ///
    /// - Precondition: `bytes.count` is a multiple of `dimension`.
    init(bytes: [Int8], dimension: Int) {
        precondition(bytes.count % dimension == 0, "\(bytes.count) bytes of \(dimension)")
        var elements = [Float](repeating: 0, count: bytes.count)
        for start in stride(from: 0, to: bytes.count, by: dimension) {
            var square: Int = 0
            for index in start..<start + dimension {
                square += Int(bytes[index]) * Int(bytes[index])
            }
            guard square > 0 else { continue }
            let factor = 1 / Float(square).squareRoot()
            for index in start..<start + dimension {
                elements[index] = Float(bytes[index]) * factor
            }
        }
        self.dimension = dimension
        self.bytes = bytes
        self.elements = elements
    }

    var count: Int { bytes.count / dimension }

    /// The largest product of a vector of length 1 with any of these but one, −1…1; −1 if there is
    /// none.
    func largestProduct(with vector: [Float], leavingOut index: Int? = nil) -> Double {
        let left = index ?? count
        var largest: [Float] = [-1]
        for rows in [0..<left, min(left + 1, count)..<count] {
            VectorProducts.raise(
                &largest, of: vector, with: elements, rows: rows, dimension: dimension)
        }
        return Double(min(largest[0], 1))
    }
}
