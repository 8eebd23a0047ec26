internal import CKernels
internal import COpenBLAS

/// Products of many vectors with many others, as products of matrices in bounded memory.
public enum VectorProducts {
    /// So many vectors are multiplied at once that their products stay in a core's cache.
    private static let blockRowCount = 128

    /// For each query the largest dot product with any of some vectors, or what it was before.
    ///
    /// - Parameters:
    ///   - largest: One number a query; is only ever raised. Start with −infinity.
    ///   - queries: One vector after the other.
    ///   - vectors: Likewise.
    ///   - rows: Which of the vectors take part.
    ///   - dimension: Elements of one vector, at least 1.
    /// - Precondition: The counts fit the dimension; `rows` lies within `vectors`.
    public static func raise(
        _ largest: inout [Float], of queries: [Float], with vectors: [Float], rows: Range<Int>,
        dimension: Int
    ) {
        let count = largest.count
        precondition(
            dimension > 0 && queries.count == count * dimension && rows.lowerBound >= 0
                && rows.upperBound * dimension <= vectors.count,
            "\(queries.count) and \(vectors.count) elements, rows \(rows) of \(dimension)")
        guard count > 0, !rows.isEmpty else { return }
        OpenBLAS.prepare()
        var products = [Float](
            repeating: 0, count: min(blockRowCount, rows.count) * count)
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: blockRowCount) {
            let blockRows = min(blockRowCount, rows.upperBound - first)
            // The arrays hold as many elements as the sizes say, by the precondition.
            unsafe vectors.withUnsafeBufferPointer { vectors in
                guard let base = vectors.baseAddress else { return }
                let block = unsafe base + first * dimension
                if blockRows == 1 {
                    unsafe cblas_sgemv(
                        CblasRowMajor, CblasNoTrans, blasint(count), blasint(dimension), 1,
                        queries, blasint(dimension), block, 1, 0, &products, 1)
                } else {
                    unsafe cblas_sgemm(
                        CblasRowMajor, CblasNoTrans, CblasTrans, blasint(blockRows),
                        blasint(count), blasint(dimension), 1, block, blasint(dimension), queries,
                        blasint(dimension), 0, &products, blasint(count))
                }
            }
            unsafe regrade_raise_f32(&largest, products, blockRows, count)
        }
    }

    /// Each vector times a matrix: `rows x depth` by `depth x columns`, row-major.
    ///
    /// - Precondition: The counts are multiples of `depth`, which is at least 1.
    public static func product(
        of vectors: [Float], with matrix: [Float], depth: Int
    ) -> [Float] {
        precondition(
            depth > 0 && vectors.count % depth == 0 && matrix.count % depth == 0,
            "\(vectors.count) and \(matrix.count) elements for a depth of \(depth)")
        let rows = vectors.count / depth
        let columns = matrix.count / depth
        var products = [Float](repeating: 0, count: rows * columns)
        guard rows > 0, columns > 0 else { return products }
        OpenBLAS.prepare()
        // The arrays hold as many elements as the sizes say, by the precondition.
        unsafe cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns),
            blasint(depth), 1, vectors, blasint(depth), matrix, blasint(columns), 0, &products,
            blasint(columns))
        return products
    }
}
