/// A network planned for given input shapes: the list of kernel calls and the place of each value.
///
/// Immutable; may be shared by threads, each of which runs a ``NetworkSession`` of its own.
public struct NetworkProgram: Sendable {
    /// An input or output with its shape known.
    public struct Value: Hashable, Sendable {
        /// The name in the model file.
        public let name: String
        /// What its elements are.
        public let elementType: ElementType
        /// Sizes, outermost first.
        public let shape: [Int]
        /// The product of ``shape``.
        public let elementCount: Int
    }

    let plan: ProgramPlanner.Result
    /// The inputs in the file's order.
    public let inputs: [Value]
    /// The outputs in the file's order.
    public let outputs: [Value]
    /// Inner values that stay readable after a run, with channels last: their shape is `[batch,
    /// rows, columns, channels]`.
    public let taps: [Value]

    /// Plans a model whose open sizes are all the first of an input, the batch.
    ///
    /// - Parameters:
    ///   - batch: At least 1.
    ///   - taps: As for the other initialiser.
    /// - Throws: ``ModelError``, as the other initialiser.
    public init(
        _ model: NetworkModel, batch: Int, taps: [String] = []
    ) throws(ModelError) {
        var shapes: [String: [Int]] = [:]
        for input in model.inputs {
            guard !input.shape.isEmpty, !input.shape.dropFirst().contains(nil) else { continue }
            shapes[input.name] =
                [input.shape[0] ?? batch] + input.shape.dropFirst().compactMap(\.self)
        }
        try self.init(model, inputShapes: shapes, taps: taps)
    }

    /// Plans a model for the shapes of its inputs.
    ///
    /// - Parameters:
    ///   - inputShapes: May leave out inputs whose shape the file fixes.
    ///   - knownInputs: Inputs whose elements decide a shape, such as the target of a `Reshape`;
    ///     they are built into the program, and what is set later in their place has no effect.
    ///   - taps: Names of inner images that are to stay readable. Costs memory only, unless the
    ///     image would have been fused away.
    ///   - simplifies: Whether to fuse and remove nodes; `false` runs the graph as it stands, to
    ///     check one against the other.
    /// - Throws: ``ModelError`` if shapes contradict the file or an operator, need elements that
    ///   are not known, or exceed a limit.
    public init(
        _ model: NetworkModel, inputShapes: [String: [Int]] = [:],
        knownInputs: [String: Tensor] = [:], taps: [String] = [], simplifies: Bool = true
    ) throws(ModelError) {
        let names = model.graph.inputs.map(\.name)
        for name in Array(inputShapes.keys) + Array(knownInputs.keys) where !names.contains(name) {
            throw .unknownName(name: name, known: names)
        }
        var types: [TensorType] = []
        var known: [ValueIdentifier: Tensor] = [:]
        for input in model.graph.inputs {
            let tensor = knownInputs[input.name]
            types.append(try input.type(given: tensor?.shape ?? inputShapes[input.name]))
            guard let tensor else { continue }
            guard tensor.elementType == input.element else {
                throw .inputMismatch(
                    name: input.name, expected: input.element.rawValue,
                    found: tensor.elementType.rawValue)
            }
            known[input.value] = tensor
        }
        var graph = try GraphSpecializer.specialize(
            model.graph, inputTypes: types, knownInputs: known)
        for name in taps {
            guard let value = graph.valueNames.firstIndex(of: name) else {
                throw .tapUnusable(name: name)
            }
            graph.taps.append(value)
        }
        if simplifies {
            try Simplification.run(on: &graph)
        } else {
            try ArrangeChannelsLast.arrangeTaps(of: &graph)
        }
        plan = try ProgramPlanner.plan(graph, inputTypes: types)
        inputs = zip(names, plan.inputs).map { Value($0, $1.type) }
        outputs = zip(model.outputNames, plan.outputs).map { Value($0, $1.type) }
        self.taps = zip(taps, plan.taps).map { Value($0, $1.type) }
    }

    /// The images that a model computes on its way, in order; any may be a tap.
    ///
    /// Their shapes are those of the file: `[batch, channels, rows, columns]`.
    ///
    /// - Parameter inputShapes: As for planning.
    /// - Throws: ``ModelError``, as planning.
    public static func innerImages(
        of model: NetworkModel, inputShapes: [String: [Int]] = [:]
    ) throws(ModelError) -> [Value] {
        var types: [TensorType] = []
        for input in model.graph.inputs {
            types.append(try input.type(given: inputShapes[input.name]))
        }
        let graph = try GraphSpecializer.specialize(
            model.graph, inputTypes: types, knownInputs: [:])
        return graph.nodes.flatMap(\.outputs).compactMap { output in
            guard let output, let type = graph.types[output], type.element == .float32,
                type.shape.dimensions.count == 4
            else { return nil }
            return Value(graph.valueNames[output], type)
        }
    }

    /// Bytes of working memory per session.
    public var arenaByteCount: Int { plan.arenaByteCount + 4 * plan.scratchFloatCount }

    /// Bytes of weights, shared by all sessions.
    public var constantByteCount: Int { plan.constants.byteCount }

    /// The operators of the kernel calls in order, after simplification.
    public var stepOperators: [String] { plan.steps.map(\.operatorName) }
}

extension NetworkProgram.Value {
    init(_ name: String, _ type: TensorType) {
        self.name = name
        elementType = type.element
        shape = type.shape.dimensions
        elementCount = type.shape.elementCount
    }
}

extension GraphInput {
    /// The type with the open sizes filled in.
    func type(given shape: [Int]?) throws(ModelError) -> TensorType {
        let declared = declaredShape ?? []
        guard let shape else {
            guard declaredShape != nil, !declared.contains(nil) else {
                throw .inputShapeNeeded(name: name, declared: declared)
            }
            return TensorType(
                element: element,
                shape: try TensorShape(declared.compactMap(\.self), of: "input \(name)"))
        }
        if declaredShape != nil {
            let fits =
                shape.count == declared.count
                && zip(shape, declared).allSatisfy { $1 == nil || $0 == $1 }
            guard fits else {
                throw .inputMismatch(
                    name: name, expected: "of shape \(ShapeText.describe(declared))",
                    found: "\(shape)")
            }
        }
        return TensorType(element: element, shape: try TensorShape(shape, of: "input \(name)"))
    }
}
