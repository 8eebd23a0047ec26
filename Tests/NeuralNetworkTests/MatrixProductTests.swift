import NeuralNetwork
import Statistics
import Testing

struct MatrixProductTests {
    /// Rows of one go to a matrix-vector product, which has transposition rules of its own.
    @Test(
        arguments: [(1, 5, 7), (4, 1, 3), (13, 17, 9), (1, 1000, 128)],
        [(false, false), (true, false), (false, true), (true, true)])
    func gemmAgreesWithPlainLoops(sizes: (Int, Int, Int), transposes: (Bool, Bool)) throws {
        let (rows, columns, depth) = sizes
        var numbers = SeededGenerator(seed: UInt64(rows * columns))
        let a = numbers.floats(rows * depth)
        let b = numbers.floats(depth * columns)
        let c = numbers.floats(columns)
        var builder = ModelBuilder()
        builder.input("a", transposes.0 ? [depth, rows] : [rows, depth])
        builder.constant(
            "b", shape: transposes.1 ? [columns, depth] : [depth, columns], float32: b)
        builder.constant("c", shape: [columns], float32: c)
        builder.node(
            "Gemm", ["a", "b", "c"], ["y"],
            [
                "transA": .integer(transposes.0 ? 1 : 0), "transB": .integer(transposes.1 ? 1 : 0),
                "alpha": .float(0.5), "beta": .float(2),
            ])
        builder.output("y")
        let input = try Tensor(
            shape: transposes.0 ? [depth, rows] : [rows, depth], float32: a)
        let found = try #require(try builder.model().run(["a": input])["y"]?.float32)
        for row in 0..<rows {
            for column in 0..<columns {
                var sum = 0.0
                for index in 0..<depth {
                    let left = a[transposes.0 ? index * rows + row : row * depth + index]
                    let right = b[transposes.1 ? column * depth + index : index * columns + column]
                    sum += Double(left) * Double(right)
                }
                let expected = Float(0.5 * sum + 2 * Double(c[column]))
                // `depth` products of numbers below 1, each rounded once.
                let tolerance = Float(depth + 2) * 4 * Float.ulpOfOne
                #expect(abs(found[row * columns + column] - expected) <= tolerance)
            }
        }
    }
}
