internal import Foundation

/// `Softmax`, `LogSoftmax` and `Hardmax` along one axis, or (before opset 13) along all from it.
enum SoftmaxOperators {
    static let definitions = [
        OperatorDefinition("Softmax", attributes: ["axis"]) { context throws(ModelError) in
            try plan(context) { row in
                let largest = row.largest()
                var sum: Float = 0
                for index in 0..<row.count {
                    let element = exp(row[index] - largest)
                    row[index] = element
                    sum += element
                }
                for index in 0..<row.count { row[index] = row[index] / sum }
            }
        },
        OperatorDefinition("LogSoftmax", attributes: ["axis"]) { context throws(ModelError) in
            try plan(context) { row in
                let largest = row.largest()
                var sum: Float = 0
                for index in 0..<row.count { sum += exp(row[index] - largest) }
                let logarithm = log(sum)
                for index in 0..<row.count { row[index] = row[index] - largest - logarithm }
            }
        },
        OperatorDefinition("Hardmax", attributes: ["axis"]) { context throws(ModelError) in
            try plan(context) { row in
                let largest = row.largest()
                var isFound = false
                for index in 0..<row.count {
                    let isFirst = !isFound && row[index] == largest
                    row[index] = isFirst ? 1 : 0
                    isFound = isFound || isFirst
                }
            }
        },
    ]

    /// Elements of the output that stand at equal steps.
    private struct Row {
        let elements: ElementBuffer<Float>
        let start: Int
        let step: Int
        let count: Int

        subscript(index: Int) -> Float {
            get { elements[start + index * step] }
            nonmutating set { elements[start + index * step] = newValue }
        }

        func largest() -> Float {
            var largest = -Float.infinity
            for index in 0..<count { largest = max(largest, self[index]) }
            return largest
        }
    }

    /// Copies the input and lets `transform` change each row in place.
    private static func plan(
        _ context: NodeContext, _ transform: @escaping @Sendable (Row) -> Void
    ) throws(ModelError) -> NodePlan {
        let type = try context.floatType(0)
        let isFlattening = context.opset < 13
        let axis = try context.axis(
            context.integer("axis", default: isFlattening ? 1 : -1), rank: type.shape.rank)
        let sizes = type.shape.dimensions
        let outer = sizes[..<axis].reduce(1, *)
        let count = isFlattening ? sizes[axis...].reduce(1, *) : sizes[axis]
        let inner = isFlattening ? 1 : sizes[(axis + 1)...].reduce(1, *)
        return .kernel(type) { arguments in
            let input = arguments.input(0, as: Float.self)
            let output = arguments.output(0, as: Float.self)
            output.copy(from: input, at: 0, to: 0, count: input.count)
            guard count > 0 else { return }
            for row in 0..<outer * inner {
                let start = row / inner * count * inner + row % inner
                transform(Row(elements: output, start: start, step: inner, count: count))
            }
        }
    }
}
