/// The operators that are built in.
enum OperatorRegistry {
    /// One line per family; the files in this folder hold the definitions.
    static let definitions: [OperatorDefinition] =
        ConvolutionOperator.definitions
        + PoolingOperators.definitions
        + ActivationOperators.definitions
        + ArithmeticOperators.definitions
        + MatrixOperators.definitions
        + ShapeOperators.definitions
        + MovementOperators.definitions
        + SliceOperator.definitions
        + JoiningOperators.definitions
        + PadOperator.definitions
        + GatherOperators.definitions
        + ConstantOperators.definitions
        + NormalizationOperators.definitions
        + SoftmaxOperators.definitions
        + ReductionOperators.definitions

    private static let definitionsByName = Dictionary(grouping: definitions, by: \.name)

    private static let internalDefinitionsByName = Dictionary(
        grouping: ChannelsLastOperators.definitions, by: \.name)

    /// Finds the definition for a node and checks all that does not need the inputs' shapes.
    static func definition(
        for node: GraphNode, opset: Int
    ) throws(ModelError) -> OperatorDefinition {
        let known = node.isInternal ? internalDefinitionsByName : definitionsByName
        let candidates = known[node.operatorName] ?? []
        guard let definition = candidates.first(where: { $0.opsets.contains(opset) }) else {
            throw .unsupportedOperator(
                node: node.label, operatorName: node.operatorName, opset: opset)
        }
        for name in node.attributes.keys.sorted() where !definition.attributes.contains(name) {
            throw .unsupportedUse(
                node: node.label, operatorName: node.operatorName, reason: "attribute \(name)")
        }
        guard definition.inputCount.contains(node.inputs.count) else {
            throw .invalidNode(
                node: node.label, operatorName: node.operatorName,
                reason: "it has \(node.inputs.count) inputs, expected \(definition.inputCount)")
        }
        guard definition.outputCount.contains(node.outputs.count) else {
            throw .unsupportedUse(
                node: node.label, operatorName: node.operatorName,
                reason: "\(node.outputs.count) outputs")
        }
        return definition
    }
}

/// What `docs/operators.md` says of the operators; a test holds the page to it.
package enum OperatorCatalogue {
    /// One table row per operator, by name: name, inputs, attributes.
    package static var rows: [String] {
        OperatorRegistry.definitions.sorted { $0.name < $1.name }.map { definition in
            let inputs = definition.inputCount
            let isOpen = inputs.upperBound == ModelLimits.nodeValueCountLimit
            let count =
                inputs.count == 1
                ? "\(inputs.lowerBound)"
                : "\(inputs.lowerBound) to \(isOpen ? "any" : "\(inputs.upperBound)")"
            let attributes = definition.attributes.sorted().map { "`\($0)`" }
            return "| \(definition.name) | \(count) | \(attributes.joined(separator: ", ")) |"
        }
    }
}
