extension NetworkModel {
    /// Inputs of at most this many elements may decide shapes.
    private static let shapeInputElementLimit = 4_096

    /// Plans and runs the network once: convenient, not fast.
    ///
    /// - Parameter inputs: One tensor per input, of any supported element type.
    /// - Returns: All outputs by name.
    /// - Throws: ``ModelError`` if an input is missing or does not fit, or as planning and running.
    public func run(_ inputs: [String: Tensor]) throws(ModelError) -> [String: Tensor] {
        for input in self.inputs where inputs[input.name] == nil {
            throw .inputMissing(name: input.name)
        }
        let session = NetworkSession(try program(for: inputs))
        for (name, tensor) in inputs {
            try session.setInput(named: name, to: tensor)
        }
        try session.run()
        var outputs: [String: Tensor] = [:]
        for name in outputNames {
            outputs[name] = try session.output(named: name)
        }
        return outputs
    }

    /// Small inputs are built into the program only if a shape turns out to depend on one.
    private func program(for inputs: [String: Tensor]) throws(ModelError) -> NetworkProgram {
        let shapes = inputs.mapValues(\.shape)
        do {
            return try NetworkProgram(self, inputShapes: shapes)
        } catch ModelError.shapeDependsOnInput {
            let known = inputs.filter {
                $0.value.shape.count <= 1
                    && $0.value.elements.count <= Self.shapeInputElementLimit
            }
            return try NetworkProgram(self, inputShapes: shapes, knownInputs: known)
        }
    }
}
