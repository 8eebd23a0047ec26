internal import CKernels

/// Matrix products.
enum MatrixOperators {
    static let definitions = [
        OperatorDefinition(
            "Gemm", attributes: ["alpha", "beta", "transA", "transB"], inputs: 2...3, plan: gemm),
        OperatorDefinition("MatMul", inputs: 2...2, plan: matMul),
    ]

    /// `alpha * op(A) * op(B) + beta * C`, C repeated to the result's shape.
    @Sendable
    private static func gemm(_ context: NodeContext) throws(ModelError) -> NodePlan {
        let a = try context.floatType(0).shape
        let b = try context.floatType(1).shape
        guard a.rank == 2, b.rank == 2 else { throw context.invalid("its inputs are not matrices") }
        let transposesA = try context.flag("transA")
        let transposesB = try context.flag("transB")
        let (rows, depth) = transposesA ? (a[1], a[0]) : (a[0], a[1])
        let (depthB, columns) = transposesB ? (b[1], b[0]) : (b[0], b[1])
        guard depth == depthB else {
            throw context.invalid("matrices \(a.dimensions) and \(b.dimensions) do not fit")
        }
        let output = try context.output(.float32, [rows, columns])
        let beta = try context.float("beta", default: 1)
        var addend: BroadcastLoop?
        if context.isPresent(2) {
            let shape = try context.floatType(2).shape.dimensions
            guard Broadcasting.shape([shape, [rows, columns]]) == [rows, columns] else {
                throw context.invalid("C \(shape) does not fit [\(rows), \(columns)]")
            }
            addend = BroadcastLoop(output: [rows, columns], operands: [shape])
        }
        let product = MatrixProduct(
            rows: rows, columns: columns, depth: depth, transposesA: transposesA,
            transposesB: transposesB, alpha: try context.float("alpha", default: 1), beta: 0,
            rowStepA: max(1, a[1]), rowStepB: max(1, b[1]), rowStepC: max(1, columns))
        let activation = context.node.activation
        return .kernel(output) { [addend] arguments in
            let result = arguments.output(0, as: Float.self)
            product.run(a: arguments.input(0), b: arguments.input(1), c: result)
            if let addend, let c = arguments.optionalInput(2, as: Float.self) {
                addend.forEachElement { index, operands in
                    result[index] += beta * c[operands[0]]
                }
            }
            guard activation != .identity else { return }
            unsafe regrade_activate_f32(
                result.pointer(count: result.count), result.pointer(count: result.count),
                result.count, activation.kernelArgument)
        }
    }

    /// NumPy's `matmul`: vectors count as matrices of one row or column, leading dimensions repeat.
    @Sendable
    private static func matMul(_ context: NodeContext) throws(ModelError) -> NodePlan {
        var a = try context.floatType(0).shape.dimensions
        var b = try context.floatType(1).shape.dimensions
        guard !a.isEmpty, !b.isEmpty else { throw context.invalid("an input is a scalar") }
        let dropsRow = a.count == 1
        let dropsColumn = b.count == 1
        if dropsRow { a.insert(1, at: 0) }
        if dropsColumn { b.append(1) }
        let (batchA, batchB) = (Array(a.dropLast(2)), Array(b.dropLast(2)))
        var (rows, depth, columns) = (a[a.count - 2], a[a.count - 1], b[b.count - 1])
        guard depth == b[b.count - 2], let batch = Broadcasting.shape([batchA, batchB]) else {
            throw context.invalid("matrices \(a) and \(b) do not fit")
        }
        let output = try context.output(
            .float32, batch + (dropsRow ? [] : [rows]) + (dropsColumn ? [] : [columns]))
        var loop = BroadcastLoop(output: batch, operands: [batchA, batchB])
        if batchB.allSatisfy({ $0 == 1 }), batch == batchA || batch.count <= batchA.count {
            // One right-hand matrix for all: a single product of tall matrices.
            rows *= batch.reduce(1, *)
            loop = BroadcastLoop(output: [], operands: [[], []])
        }
        let product = MatrixProduct(
            rows: rows, columns: columns, depth: depth, rowStepA: max(1, depth),
            rowStepB: max(1, columns), rowStepC: max(1, columns))
        depth = product.depth
        return .kernel(output) { [loop] arguments in
            let left = arguments.input(0, as: Float.self)
            let right = arguments.input(1, as: Float.self)
            let result = arguments.output(0, as: Float.self)
            loop.forEachElement { index, operands in
                product.run(
                    a: left, offsetA: operands[0] * product.rows * product.depth, b: right,
                    offsetB: operands[1] * product.depth * product.columns, c: result,
                    offsetC: index * product.rows * product.columns)
            }
        }
    }
}
