internal import Foundation

/// Reductions of some axes to one number each, and the position of the largest or smallest.
enum ReductionOperators {
    static let definitions =
        [
            floatReduction("ReduceMean") { elements in
                elements.reduce(0) { $0 + Double($1) } / Double(elements.count)
            },
            floatReduction("ReduceLogSumExp") { elements in
                let largest = Double(elements.reduce(-Float.infinity) { max($0, $1) })
                guard largest.isFinite else { return largest }
                return log(elements.reduce(0) { $0 + exp(Double($1) - largest) }) + largest
            },
            floatReduction("ReduceLogSum") { elements in
                log(elements.reduce(0) { $0 + Double($1) })
            },
            floatReduction("ReduceL2") { elements in
                elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            },
            reduction("ReduceSum", Summing.self), reduction("ReduceProd", Multiplying.self),
            reduction("ReduceMax", Maximum.self), reduction("ReduceMin", Minimum.self),
            reduction("ReduceL1", SummingMagnitudes.self),
            reduction("ReduceSumSquare", SummingSquares.self),
        ] + [
            OperatorDefinition(
                "ArgMax", attributes: ["axis", "keepdims", "select_last_index"]
            ) { context throws(ModelError) in
                try position(context) { $0 > $1 }
            },
            OperatorDefinition(
                "ArgMin", attributes: ["axis", "keepdims", "select_last_index"]
            ) { context throws(ModelError) in
                try position(context) { $0 < $1 }
            },
        ]

    private static let attributes: Set<String> = ["axes", "keepdims", "noop_with_empty_axes"]

    private static func floatReduction(
        _ name: String, _ reduce: @escaping @Sendable (ReducedElements<Float>) -> Double
    ) -> OperatorDefinition {
        OperatorDefinition(name, attributes: attributes, inputs: 1...2) {
            context throws(ModelError) in
            _ = try context.floatType(0)
            return try plan(context) { Float(reduce($0)) }
        }
    }

    private static func reduction<Operation: FoldingOperation>(
        _ name: String, _: Operation.Type
    ) -> OperatorDefinition {
        OperatorDefinition(name, attributes: attributes, inputs: 1...2) {
            context throws(ModelError) in
            switch try context.type(0).element {
            case .float32:
                return try plan(context) { (elements: ReducedElements<Float>) in
                    elements.fold(Operation.self)
                }
            case .int64:
                return try plan(context) { (elements: ReducedElements<Int64>) in
                    elements.reduce(Operation.start()) { Operation.fold($0, $1) }
                }
            case .int32:
                return try plan(context) { (elements: ReducedElements<Int32>) in
                    elements.reduce(Operation.start()) { Operation.fold($0, $1) }
                }
            case .bool:
                // Defined for the extremes only, with false below true.
                guard let isMaximum = Operation.isMaximum else {
                    throw context.invalid("input 0 is bool")
                }
                return try plan(context) { (elements: ReducedElements<Bool>) in
                    elements.reduce(!isMaximum) { isMaximum ? $0 || $1 : $0 && $1 }
                }
            }
        }
    }

    /// The axes to reduce, from the attribute (older opsets) or the second input; all if neither
    /// names any, none if `noop_with_empty_axes`.
    private static func axes(_ context: NodeContext, rank: Int) throws(ModelError) -> [Int] {
        var given = try context.integers("axes") ?? []
        if context.isPresent(1) { given = try context.integers(1) }
        guard given.isEmpty else { return try context.axes(given, rank: rank) }
        return try context.flag("noop_with_empty_axes") ? [] : Array(0..<rank)
    }

    private static func plan<Element: TensorElement>(
        _ context: NodeContext,
        _ reduce: @escaping @Sendable (ReducedElements<Element>) -> Element
    ) throws(ModelError) -> NodePlan {
        let type = try context.type(0)
        let axes = try axes(context, rank: type.shape.rank)
        if axes.isEmpty, try context.flag("noop_with_empty_axes") {
            // Still the function of each single element, as the square for ReduceSumSquare.
            return try ElementwisePlans.map(context) { (element: Element) in
                reduce(ReducedElements(single: element))
            }
        }
        let layout = try ReductionLayout(type.shape, axes: axes)
        let sizes = layout.outputSizes(keepsAxes: try context.flag("keepdims", default: true))
        let output = try context.output(type.element, sizes)
        return .kernel(output) { arguments in
            let input = arguments.input(0, as: Element.self)
            let output = arguments.output(0, as: Element.self)
            for (index, start) in layout.starts.enumerated() {
                output[index] = reduce(
                    ReducedElements(input: input, start: start, offsets: layout.offsets))
            }
        }
    }

    private static func position(
        _ context: NodeContext, _ precedes: @escaping @Sendable (Float, Float) -> Bool
    ) throws(ModelError) -> NodePlan {
        let shape = try context.floatType(0).shape
        let axis = try context.axis(context.integer("axis", default: 0), rank: shape.rank)
        guard shape[axis] > 0 else { throw context.invalid("axis \(axis) is empty") }
        let layout = try ReductionLayout(shape, axes: [axis])
        let sizes = layout.outputSizes(keepsAxes: try context.flag("keepdims", default: true))
        let selectsLast = try context.flag("select_last_index")
        return .kernel(try context.output(.int64, sizes)) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Int64.self)
            for (index, start) in layout.starts.enumerated() {
                var best = 0
                for (candidate, offset) in layout.offsets.enumerated().dropFirst() {
                    let (element, leader) = (
                        input[start + offset], input[start + layout.offsets[best]]
                    )
                    if precedes(element, leader) || (selectsLast && element == leader) {
                        best = candidate
                    }
                }
                output[index] = Int64(best)
            }
        }
    }
}

/// Where the elements of each result lie.
private struct ReductionLayout: Sendable {
    private let sizes: [Int]
    private let axes: [Int]
    /// For each result the offset of its first element.
    let starts: [Int]
    /// From there to each of its elements.
    let offsets: [Int]

    init(_ shape: TensorShape, axes: [Int]) throws(ModelError) {
        sizes = shape.dimensions
        self.axes = axes.sorted()
        let strides = shape.strides
        let kept = sizes.indices.filter { !axes.contains($0) }
        starts = try OffsetTable.make(
            sizes: kept.map { shape[$0] }, steps: kept.map { strides[$0] })
        offsets = try OffsetTable.make(
            sizes: self.axes.map { shape[$0] }, steps: self.axes.map { strides[$0] })
    }

    func outputSizes(keepsAxes: Bool) -> [Int] {
        sizes.indices.compactMap { index in
            guard axes.contains(index) else { return sizes[index] }
            return keepsAxes ? 1 : nil
        }
    }
}

/// The elements that one result is computed from.
private struct ReducedElements<Element: TensorElement> {
    private let input: ElementBuffer<Element>?
    private let single: Element
    private let start: Int
    private let offsets: [Int]

    init(input: ElementBuffer<Element>, start: Int, offsets: [Int]) {
        self.input = input
        single = .zero
        self.start = start
        self.offsets = offsets
    }

    init(single: Element) {
        input = nil
        self.single = single
        start = 0
        offsets = [0]
    }

    var count: Int { offsets.count }

    @inline(__always)
    func reduce<Result>(_ initial: Result, _ combine: (Result, Element) -> Result) -> Result {
        guard let input else { return combine(initial, single) }
        var result = initial
        for offset in offsets { result = combine(result, input[start + offset]) }
        return result
    }
}

extension ReducedElements<Float> {
    /// Sums in double precision, so that long ones keep their digits.
    func fold<Operation: FoldingOperation>(_: Operation.Type) -> Float {
        Float(reduce(Operation.start()) { Operation.fold($0, Double($1)) })
    }
}

/// A reduction that visits the elements one by one.
private protocol FoldingOperation: SendableMetatype {
    static func start() -> Double
    static func start<Integer: FixedWidthInteger>() -> Integer
    static func fold(_ result: Double, _ element: Double) -> Double
    static func fold<Integer: FixedWidthInteger>(_ result: Integer, _ element: Integer) -> Integer
    /// Whether it is a maximum rather than a minimum; `nil` if neither.
    static var isMaximum: Bool? { get }
}

extension FoldingOperation {
    static func start() -> Double { 0 }
    static func start<I: FixedWidthInteger>() -> I { 0 }
    static var isMaximum: Bool? { nil }
}

private enum Summing: FoldingOperation {
    static func fold(_ result: Double, _ element: Double) -> Double { result + element }
    static func fold<I: FixedWidthInteger>(_ result: I, _ element: I) -> I { result &+ element }
}

private enum Multiplying: FoldingOperation {
    static func start() -> Double { 1 }
    static func start<I: FixedWidthInteger>() -> I { 1 }
    static func fold(_ result: Double, _ element: Double) -> Double { result * element }
    static func fold<I: FixedWidthInteger>(_ result: I, _ element: I) -> I { result &* element }
}

private enum SummingMagnitudes: FoldingOperation {
    static func fold(_ result: Double, _ element: Double) -> Double { result + abs(element) }
    static func fold<I: FixedWidthInteger>(_ result: I, _ element: I) -> I {
        element < 0 ? result &- element : result &+ element
    }
}

private enum SummingSquares: FoldingOperation {
    static func fold(_ result: Double, _ element: Double) -> Double { result + element * element }
    static func fold<I: FixedWidthInteger>(_ result: I, _ element: I) -> I {
        result &+ element &* element
    }
}

private enum Maximum: FoldingOperation {
    static let isMaximum: Bool? = true
    static func start() -> Double { -.infinity }
    static func start<I: FixedWidthInteger>() -> I { .min }
    static func fold(_ result: Double, _ element: Double) -> Double {
        element > result || element.isNaN ? element : result
    }
    static func fold<I: FixedWidthInteger>(_ result: I, _ element: I) -> I { max(result, element) }
}

private enum Minimum: FoldingOperation {
    static let isMaximum: Bool? = false
    static func start() -> Double { .infinity }
    static func start<I: FixedWidthInteger>() -> I { .max }
    static func fold(_ result: Double, _ element: Double) -> Double {
        element < result || element.isNaN ? element : result
    }
    static func fold<I: FixedWidthInteger>(_ result: I, _ element: I) -> I { min(result, element) }
}
