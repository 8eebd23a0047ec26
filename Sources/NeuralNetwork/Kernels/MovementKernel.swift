/// Work that only moves elements, so that it is the same for every element type.
protocol MovementKernel: Sendable {
    func run<Element: TensorElement>(
        _ arguments: KernelArguments, as: Element.Type
    ) throws(ModelError)
}

extension MovementKernel {
    /// The kernel for one element type.
    func kernel(for element: ElementType) -> Kernel {
        switch element {
        case .float32:
            { arguments throws(ModelError) in try run(arguments, as: Float.self) }
        case .int64:
            { arguments throws(ModelError) in try run(arguments, as: Int64.self) }
        case .int32:
            { arguments throws(ModelError) in try run(arguments, as: Int32.self) }
        case .bool:
            { arguments throws(ModelError) in try run(arguments, as: Bool.self) }
        }
    }
}

/// Fills the output in order with input elements that stand at regular steps.
///
/// Transposing, slicing, expanding and tiling are all of this kind: only the steps differ. The
/// position of an element is `start + outer[i] + inner[j]`, looked up in two short tables.
struct StridedCopy: MovementKernel {
    /// Inner tables of about this size keep the outer loop's work small.
    private static let innerCountTarget = 64

    private let start: Int
    private let outer: [Int]
    private let inner: [Int]
    private let isInnerContiguous: Bool

    /// - Parameters:
    ///   - start: The position of the first element.
    ///   - sizes: Of the output, possibly with dimensions split.
    ///   - steps: Elements of the input to the next along each dimension; 0 repeats, negative
    ///     walks backwards.
    /// - Throws: ``ModelError/limitExceeded(what:value:limit:)`` if the tables get too long.
    init(start: Int = 0, sizes: [Int], steps: [Int]) throws(ModelError) {
        self.start = start
        var split = sizes.count
        var count = 1
        while split > 0, count < Self.innerCountTarget {
            split -= 1
            count *= sizes[split]
        }
        outer = try OffsetTable.make(sizes: Array(sizes[..<split]), steps: Array(steps[..<split]))
        inner = try OffsetTable.make(sizes: Array(sizes[split...]), steps: Array(steps[split...]))
        isInnerContiguous = inner.enumerated().allSatisfy { $0.offset == $0.element }
    }

    func run<Element: TensorElement>(
        _ arguments: KernelArguments, as: Element.Type
    ) throws(ModelError) {
        let input = arguments.input(0, as: Element.self)
        let output = arguments.output(0, as: Element.self)
        var index = 0
        for base in outer {
            if isInnerContiguous {
                output.copy(from: input, at: start + base, to: index, count: inner.count)
                index += inner.count
                continue
            }
            for offset in inner {
                output[index] = input[start + base + offset]
                index += 1
            }
        }
    }
}

/// Offsets of elements that stand at regular steps.
enum OffsetTable {
    /// Entries of one table: far more than a network's, and 128 MiB at most.
    static let entryLimit = 1 << 24

    static func checkLimit(_ count: Int) throws(ModelError) {
        guard count <= entryLimit else {
            throw .limitExceeded(what: "length of an index table", value: count, limit: entryLimit)
        }
    }

    /// The offset of each element of a block in row-major order.
    ///
    /// - Parameter sizes: Of a ``TensorShape``, possibly split, so that their product is exact.
    static func make(sizes: [Int], steps: [Int]) throws(ModelError) -> [Int] {
        try checkLimit(sizes.reduce(1, *))
        var offsets = [0]
        for (size, step) in zip(sizes, steps) {
            offsets = offsets.flatMap { base in (0..<size).map { base + $0 * step } }
        }
        return offsets
    }
}
