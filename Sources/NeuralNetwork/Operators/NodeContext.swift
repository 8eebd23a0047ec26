/// What an operator may look at when it plans a node.
struct NodeContext: Sendable {
    /// What is known of one input before running.
    struct Input: Sendable {
        let type: TensorType
        /// The elements, if they are known already.
        let constant: Tensor?
    }

    let node: GraphNode
    let opset: Int
    /// `nil` where an optional input is left out.
    let inputs: [Input?]

    // MARK: Inputs

    func isPresent(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }

    func type(_ index: Int) throws(ModelError) -> TensorType {
        guard index < inputs.count, let input = inputs[index] else {
            throw invalid("input \(index) is missing")
        }
        return input.type
    }

    func shape(_ index: Int) throws(ModelError) -> TensorShape { try type(index).shape }

    /// The type of an input that must be float32.
    func floatType(_ index: Int) throws(ModelError) -> TensorType {
        let type = try type(index)
        guard type.element == .float32 else {
            throw unsupported("input \(index) of type \(type.element.rawValue)")
        }
        return type
    }

    /// The elements of an input that decides a shape.
    func constant(_ index: Int) throws(ModelError) -> Tensor {
        _ = try type(index)
        guard let constant = inputs[index]?.constant else {
            throw .shapeDependsOnInput(
                node: node.label, operatorName: node.operatorName, inputIndex: index)
        }
        return constant
    }

    /// The elements of an integer input that decides a shape.
    func integers(_ index: Int) throws(ModelError) -> [Int] {
        guard let integers = try constant(index).integers else {
            throw invalid("input \(index) must hold integers")
        }
        return integers
    }

    // MARK: Attributes

    func integer(_ name: String) throws(ModelError) -> Int? {
        switch node.attributes[name] {
        case nil: return nil
        case .integer(let value): return value
        default: throw invalid("attribute \(name) must be an integer")
        }
    }

    func integer(_ name: String, default value: Int) throws(ModelError) -> Int {
        try integer(name) ?? value
    }

    func flag(_ name: String, default value: Bool = false) throws(ModelError) -> Bool {
        try integer(name, default: value ? 1 : 0) != 0
    }

    func float(_ name: String, default value: Float) throws(ModelError) -> Float {
        switch node.attributes[name] {
        case nil: return value
        case .float(let value): return value
        default: throw invalid("attribute \(name) must be a number")
        }
    }

    func integers(_ name: String) throws(ModelError) -> [Int]? {
        switch node.attributes[name] {
        case nil: return nil
        case .integers(let values): return values
        default: throw invalid("attribute \(name) must be a list of integers")
        }
    }

    func string(_ name: String, default value: String) throws(ModelError) -> String {
        switch node.attributes[name] {
        case nil: return value
        case .string(let value): return value
        default: throw invalid("attribute \(name) must be a string")
        }
    }

    func requiredInteger(_ name: String) throws(ModelError) -> Int {
        guard let value = try integer(name) else { throw invalid("attribute \(name) is missing") }
        return value
    }

    /// An axis counted from the front, given one in `-rank ..< rank`.
    func axis(_ axis: Int, rank: Int) throws(ModelError) -> Int {
        guard axis >= -rank, axis < rank else {
            throw invalid("axis \(axis) is outside of rank \(rank)")
        }
        return axis < 0 ? axis + rank : axis
    }

    /// Distinct axes counted from the front, in the order given.
    func axes(_ axes: [Int], rank: Int) throws(ModelError) -> [Int] {
        guard axes.count <= ModelLimits.tensorRankLimit else {
            throw invalid("\(axes.count) axes are more than a tensor can have")
        }
        var result: [Int] = []
        for given in axes {
            let normalized = try axis(given, rank: rank)
            guard !result.contains(normalized) else { throw invalid("axis \(given) is repeated") }
            result.append(normalized)
        }
        return result
    }

    // MARK: Results

    /// A type of checked size for an output of this node.
    func output(_ element: ElementType, _ dimensions: [Int]) throws(ModelError) -> TensorType {
        TensorType(
            element: element,
            shape: try TensorShape(dimensions, of: "an output of node \(node.label)"))
    }

    func invalid(_ reason: String) -> ModelError {
        .invalidNode(node: node.label, operatorName: node.operatorName, reason: reason)
    }

    func unsupported(_ reason: String) -> ModelError {
        .unsupportedUse(node: node.label, operatorName: node.operatorName, reason: reason)
    }

    func invalidElements(_ reason: String) -> ModelError {
        .invalidElements(node: node.label, operatorName: node.operatorName, reason: reason)
    }
}
