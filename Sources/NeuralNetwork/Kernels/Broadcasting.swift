/// Repeats operands along dimensions of size one so that all have one shape.
///
/// - SeeAlso: "Multidirectional broadcasting" in the ONNX specification (Broadcasting.md).
enum Broadcasting {
    /// The common shape, or `nil` if there is none.
    static func shape(_ shapes: [[Int]]) -> [Int]? {
        let rank = shapes.map(\.count).max() ?? 0
        var result = [Int](repeating: 1, count: rank)
        for shape in shapes {
            for (index, size) in zip((rank - shape.count)..<rank, shape) where size != 1 {
                guard result[index] == 1 || result[index] == size else { return nil }
                result[index] = size
            }
        }
        return result
    }
}

/// The walk over a broadcast result, for up to three operands.
///
/// Neighbouring dimensions that all operands step through alike are merged, so that most walks are
/// one block of few rows.
struct BroadcastLoop: Sendable {
    /// Sizes of the dimensions around a block.
    private let outerSizes: [Int]
    private let outerSteps: [[Int]]
    let rowCount: Int
    let columnCount: Int
    /// Per operand: elements to the next row of the block.
    let rowSteps: [Int]
    /// Per operand: elements to the next column of the block, 0 or 1.
    let columnSteps: [Int]

    /// - Parameters:
    ///   - output: The broadcast shape.
    ///   - operands: Shapes that broadcast to it; three at most.
    init(output: [Int], operands: [[Int]]) {
        precondition(operands.count <= 3, "a walk has three operands at most")
        var sizes: [Int] = []
        var steps: [[Int]] = []
        var products = [Int](repeating: 1, count: operands.count)
        for fromEnd in 0..<output.count {
            let size = output[output.count - 1 - fromEnd]
            let operandSizes = operands.map {
                fromEnd < $0.count ? $0[$0.count - 1 - fromEnd] : 1
            }
            let step = zip(operandSizes, products).map { $0 == 1 ? 0 : $1 }
            products = zip(products, operandSizes).map { $0 * max(1, $1) }
            guard size != 1 else { continue }
            if let inner = steps.last, let innerSize = sizes.last,
                zip(step, inner).allSatisfy({ $0 == $1 * innerSize })
            {
                sizes[sizes.count - 1] *= size
            } else {
                sizes.append(size)
                steps.append(step)
            }
        }
        while sizes.count < 2 {
            sizes.append(1)
            steps.append([Int](repeating: 0, count: operands.count))
        }
        columnCount = sizes[0]
        columnSteps = steps[0]
        rowCount = sizes[1]
        rowSteps = steps[1]
        outerSizes = Array(sizes.dropFirst(2))
        outerSteps = Array(steps.dropFirst(2))
    }

    /// Calls `body` with the offset of each block in the output and in the operands.
    @inline(__always)
    func forEachBlock(_ body: (_ output: Int, _ operands: InlineArray<3, Int>) -> Void) {
        let blockCount = outerSizes.reduce(1, *)
        guard blockCount * rowCount * columnCount > 0 else { return }
        var counters = InlineArray<8, Int>(repeating: 0)
        var offsets = InlineArray<3, Int>(repeating: 0)
        var output = 0
        for _ in 0..<blockCount {
            body(output, offsets)
            output += rowCount * columnCount
            for dimension in outerSizes.indices {
                counters[dimension] += 1
                let wraps = counters[dimension] == outerSizes[dimension]
                if wraps { counters[dimension] = 0 }
                for operand in columnSteps.indices {
                    let step = outerSteps[dimension][operand]
                    offsets[operand] += wraps ? -step * (outerSizes[dimension] - 1) : step
                }
                if !wraps { break }
            }
        }
    }

    /// Calls `body` with the offset of each element in the output and in the operands.
    @inline(__always)
    func forEachElement(_ body: (_ output: Int, _ operands: InlineArray<3, Int>) -> Void) {
        forEachBlock { output, operands in
            var index = output
            for row in 0..<rowCount {
                var offsets = operands
                for operand in rowSteps.indices { offsets[operand] += row * rowSteps[operand] }
                for _ in 0..<columnCount {
                    body(index, offsets)
                    index += 1
                    for operand in columnSteps.indices {
                        offsets[operand] += columnSteps[operand]
                    }
                }
            }
        }
    }
}
