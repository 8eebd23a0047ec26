/// A shape whose rank and element count are known to be within ``ModelLimits``.
///
/// Holding one proves that products of its dimensions do not overflow.
struct TensorShape: Hashable, Sendable {
    let dimensions: [Int]
    let elementCount: Int

    static let scalar = TensorShape()

    private init() {
        dimensions = []
        elementCount = 1
    }

    /// - Throws: ``ModelError/limitExceeded(what:value:limit:)`` or
    ///   ``ModelError/malformed(what:reason:)`` for a negative dimension.
    init(_ dimensions: [Int], of what: @autoclosure () -> String) throws(ModelError) {
        guard dimensions.count <= ModelLimits.tensorRankLimit else {
            throw .limitExceeded(
                what: "rank of \(what())", value: dimensions.count,
                limit: ModelLimits.tensorRankLimit)
        }
        var elementCount = 1
        var largestCount = 1
        for dimension in dimensions {
            guard dimension >= 0 else {
                throw .malformed(what: what(), reason: "dimension \(dimension) is negative")
            }
            // A zero dimension must not hide an overflow of the others from strides' products.
            let (product, overflow) = largestCount.multipliedReportingOverflow(
                by: max(1, dimension))
            guard !overflow, product <= ModelLimits.tensorElementLimit else {
                throw .limitExceeded(
                    what: "element count of \(what())", value: overflow ? Int.max : product,
                    limit: ModelLimits.tensorElementLimit)
            }
            largestCount = product
            elementCount *= dimension
        }
        self.dimensions = dimensions
        self.elementCount = elementCount
    }

    var rank: Int { dimensions.count }

    subscript(index: Int) -> Int { dimensions[index] }

    /// Elements between neighbours along each dimension in row-major order.
    var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for index in dimensions.indices.dropLast().reversed() {
            strides[index] = strides[index + 1] * max(1, dimensions[index + 1])
        }
        return strides
    }
}

/// Element type and shape of a value.
struct TensorType: Hashable, Sendable, CustomStringConvertible {
    let element: ElementType
    let shape: TensorShape

    var byteCount: Int { shape.elementCount * element.byteCount }

    var description: String { "\(element.rawValue)\(ShapeText.describe(shape.dimensions))" }
}
