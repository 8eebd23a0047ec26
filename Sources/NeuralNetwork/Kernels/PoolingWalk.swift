/// A window that moves over planes of any rank; plain loops.
struct PoolingWalk: Sendable {
    /// For one dimension: for each output position the input positions under the window.
    private struct Axis: Sendable {
        /// Input coordinates inside of the input, as element offsets.
        let offsets: [[Int]]
        /// How many of the window's positions lie inside of the padded input.
        let paddedCounts: [Int]
    }

    /// One output coordinate per axis; of fixed size, so that a run allocates nothing.
    private typealias Position = InlineArray<8, Int>

    private let axes: [Axis]
    private let inputCount: Int

    /// - Throws: ``ModelError/limitExceeded(what:value:limit:)`` if the tables get too long.
    init(_ window: WindowAttributes, spatial: [Int]) throws(ModelError) {
        inputCount = spatial.reduce(1, *)
        var stride = inputCount
        var axes: [Axis] = []
        for index in spatial.indices {
            let size = spatial[index]
            try OffsetTable.checkLimit(window.output[index])
            try OffsetTable.checkLimit(window.output[index] * window.kernel[index])
            stride /= max(1, size)
            let end = size + window.padsAfter[index]
            var offsets: [[Int]] = []
            var paddedCounts: [Int] = []
            for output in 0..<window.output[index] {
                let first = output * window.strides[index] - window.padsBefore[index]
                let positions = (0..<window.kernel[index]).map {
                    first + $0 * window.dilations[index]
                }
                offsets.append(positions.filter { $0 >= 0 && $0 < size }.map { $0 * stride })
                paddedCounts.append(positions.count { $0 < end })
            }
            axes.append(Axis(offsets: offsets, paddedCounts: paddedCounts))
        }
        self.axes = axes
    }

    /// Combines the elements under each window, then calls `finish` with the result, the number of
    /// elements and the number of positions inside of the padded input.
    @inline(__always)
    func run(
        _ arguments: KernelArguments, planeCount: Int, start: Float,
        combine: (Float, Float) -> Float,
        finish: (Float, Int, Int) -> Float = { result, _, _ in result }
    ) {
        let input = arguments.input(0, as: Float.self)
        let output = arguments.output(0, as: Float.self)
        var index = 0
        for plane in 0..<planeCount {
            forEachWindow { window in
                var result = start
                var count = 0
                var padded = 1
                for (axis, table) in axes.enumerated() {
                    padded *= table.paddedCounts[window[axis]]
                }
                visit(window, axis: 0, offset: plane * inputCount) { offset in
                    result = combine(result, input[offset])
                    count += 1
                }
                output[index] = finish(result, count, padded)
                index += 1
            }
        }
    }

    /// Calls `body` with the output position along each axis, in row-major order.
    private func forEachWindow(_ body: (Position) -> Void) {
        var position = Position(repeating: 0)
        let count = axes.reduce(1) { $0 * $1.offsets.count }
        for _ in 0..<count {
            body(position)
            for axis in axes.indices.reversed() {
                position[axis] += 1
                if position[axis] < axes[axis].offsets.count { break }
                position[axis] = 0
            }
        }
    }

    private func visit(
        _ window: Position, axis: Int, offset: Int, _ body: (Int) -> Void
    ) {
        guard axis < axes.count else {
            body(offset)
            return
        }
        for step in axes[axis].offsets[window[axis]] {
            visit(window, axis: axis + 1, offset: offset + step, body)
        }
    }
}
