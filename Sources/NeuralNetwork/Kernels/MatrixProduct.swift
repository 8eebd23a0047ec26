internal import COpenBLAS

/// `C = alpha * op(A) * op(B) + beta * C` on float32 in row-major order.
///
/// The sizes follow the BLAS convention: op(A) is `rows x depth`, op(B) `depth x columns`; a
/// row step is the distance in elements between rows as they lie in memory.
struct MatrixProduct: Sendable, Hashable {
    var rows: Int
    var columns: Int
    var depth: Int
    var transposesA = false
    var transposesB = false
    var alpha: Float = 1
    var beta: Float = 0
    var rowStepA: Int
    var rowStepB: Int
    var rowStepC: Int

    /// Multiplies dense matrices, each starting at the given offset of its buffer.
    func run(
        a: ElementBuffer<Float>, offsetA: Int = 0, b: ElementBuffer<Float>, offsetB: Int = 0,
        c: ElementBuffer<Float>, offsetC: Int = 0
    ) {
        guard rows > 0, columns > 0 else { return }
        guard depth > 0 else {
            precondition(beta == 0, "an empty product is only defined without an accumulator")
            for row in 0..<rows { c.fill(0, from: offsetC + row * rowStepC, count: columns) }
            return
        }
        let countA = (transposesA ? depth - 1 : rows - 1) * rowStepA + (transposesA ? rows : depth)
        let countB =
            (transposesB ? columns - 1 : depth - 1) * rowStepB + (transposesB ? depth : columns)
        let countC = (rows - 1) * rowStepC + columns
        if rows == 1 {
            // One row is a matrix times a vector, for which B need not be rearranged first.
            unsafe cblas_sgemv(
                CblasRowMajor, transposesB ? CblasNoTrans : CblasTrans,
                blasint(transposesB ? columns : depth), blasint(transposesB ? depth : columns),
                alpha, b.pointer(at: offsetB, count: countB), blasint(rowStepB),
                a.pointer(at: offsetA, count: countA), blasint(transposesA ? rowStepA : 1), beta,
                c.pointer(at: offsetC, count: countC), 1)
            return
        }
        // `pointer(at:count:)` checks that each matrix lies within its buffer.
        unsafe cblas_sgemm(
            CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans,
            transposesB ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns),
            blasint(depth), alpha, a.pointer(at: offsetA, count: countA), blasint(rowStepA),
            b.pointer(at: offsetB, count: countB), blasint(rowStepB), beta,
            c.pointer(at: offsetC, count: countC), blasint(rowStepC))
    }
}
