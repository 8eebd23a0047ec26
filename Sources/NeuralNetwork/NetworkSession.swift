/// The memory to run a program once at a time: one per worker thread.
///
/// Write the inputs, run, read the outputs; inputs keep their contents between runs, outputs until
/// the next run. Running allocates nothing, apart from the buffers that OpenBLAS takes and gives
/// back within some small products.
///
///     let session = NetworkSession(program)
///     try session.withInput(named: "image") { span in … }
///     try session.run()
///     let score = try session.withOutput(named: "severity") { $0[0] }
@safe
public final class NetworkSession {
    /// The program that this runs.
    public let program: NetworkProgram
    private let arena: AlignedMemory
    private let scratchOffset: Int
    /// For each step its inputs, then its outputs.
    private let values: UnsafeMutablePointer<ValueMemory>

    /// Reserves and clears the working memory.
    public init(_ program: NetworkProgram) {
        OpenBLAS.prepare()
        self.program = program
        let plan = program.plan
        scratchOffset = plan.arenaByteCount
        let arena = AlignedMemory(byteCount: plan.arenaByteCount + 4 * plan.scratchFloatCount)
        self.arena = arena
        let count = plan.steps.reduce(0) { $0 + $1.inputs.count + $1.outputs.count }
        unsafe values = UnsafeMutablePointer<ValueMemory>.allocate(capacity: max(1, count))
        var index = 0
        for step in plan.steps {
            for value in step.inputs + step.outputs.map(Optional.some) {
                let memory = Self.memory(of: value, arena: arena, constants: plan.constants)
                unsafe (values + index).initialize(to: memory)
                index += 1
            }
        }
    }

    deinit {
        unsafe values.deallocate()
    }

    private static func memory(
        of value: StepValue?, arena: AlignedMemory, constants: AlignedMemory
    ) -> ValueMemory {
        guard let value else { return unsafe ValueMemory(base: nil, elementCount: 0) }
        let count = value.type.shape.elementCount
        switch value.location {
        case .arena(let offset):
            return unsafe ValueMemory(base: arena.pointer(at: offset), elementCount: count)
        case .constant(let offset):
            return unsafe ValueMemory(base: constants.pointer(at: offset), elementCount: count)
        }
    }

    /// Computes the outputs from the inputs; blocks for as long as it takes.
    ///
    /// - Throws: ``ModelError/invalidElements(node:operatorName:reason:)`` if a node met elements
    ///   outside of its domain, such as an index outside of a table.
    public func run() throws(ModelError) {
        var firstValue = 0
        for step in program.plan.steps {
            try step.kernel(
                unsafe KernelArguments(
                    values: values + firstValue, inputCount: step.inputs.count,
                    outputCount: step.outputs.count,
                    scratchBase: arena.pointer(at: scratchOffset),
                    scratchFloatCount: step.scratchFloatCount))
            firstValue += step.inputs.count + step.outputs.count
        }
    }

    /// Lets the caller write the elements of a float32 input in place, row-major.
    ///
    /// - Throws: ``ModelError/unknownName(name:known:)`` or
    ///   ``ModelError/inputMismatch(name:expected:found:)`` for another element type.
    public func withInput<Answer>(
        named name: String, _ body: (inout MutableSpan<Float>) -> Answer
    ) throws(ModelError) -> Answer {
        let value = try find(name, in: program.plan.inputs, names: program.inputs.map(\.name))
        try requireFloat(value, name: name)
        let memory = unsafe memory(of: value)
        // The planner reserved this many elements for the input, and only this session uses them.
        var span = unsafe MutableSpan(
            _unsafeStart: memory.assumingMemoryBound(to: Float.self),
            count: value.type.shape.elementCount)
        return body(&span)
    }

    /// Lets the caller read the elements of a float32 output, row-major.
    ///
    /// - Throws: As ``withInput(named:_:)``.
    public func withOutput<Answer>(
        named name: String, _ body: (Span<Float>) -> Answer
    ) throws(ModelError) -> Answer {
        let value = try find(name, in: program.plan.outputs, names: program.outputs.map(\.name))
        try requireFloat(value, name: name)
        let memory = unsafe memory(of: value)
        let span = unsafe Span(
            _unsafeStart: UnsafePointer(memory.assumingMemoryBound(to: Float.self)),
            count: value.type.shape.elementCount)
        return body(span)
    }

    /// A copy of a tap.
    ///
    /// - Throws: ``ModelError/unknownName(name:known:)``.
    public func tap(named name: String) throws(ModelError) -> PixelVectors {
        let value = try find(name, in: program.plan.taps, names: program.taps.map(\.name))
        let sizes = value.type.shape.dimensions
        let elements = unsafe UnsafeBufferPointer(
            start: memory(of: value).assumingMemoryBound(to: Float.self),
            count: value.type.shape.elementCount)
        return unsafe PixelVectors(
            rowCount: sizes[0] * sizes[1], columnCount: sizes[2], channelCount: sizes[3],
            elements: Array(elements))
    }

    /// Copies a tensor into an input of any element type.
    public func setInput(named name: String, to tensor: Tensor) throws(ModelError) {
        let value = try find(name, in: program.plan.inputs, names: program.inputs.map(\.name))
        guard tensor.type == value.type else {
            throw .inputMismatch(
                name: name, expected: "\(value.type)", found: "\(tensor.type)")
        }
        unsafe tensor.elements.copy(to: memory(of: value))
    }

    /// A copy of an output of any element type.
    public func output(named name: String) throws(ModelError) -> Tensor {
        let value = try find(name, in: program.plan.outputs, names: program.outputs.map(\.name))
        return unsafe Tensor(type: value.type, copying: memory(of: value))
    }

    private func find(
        _ name: String, in values: [StepValue], names: [String]
    ) throws(ModelError) -> StepValue {
        guard let index = names.firstIndex(of: name) else {
            throw .unknownName(name: name, known: names)
        }
        return values[index]
    }

    private func requireFloat(_ value: StepValue, name: String) throws(ModelError) {
        guard value.type.element == .float32 else {
            throw .inputMismatch(
                name: name, expected: "read as \(value.type.element.rawValue)", found: "float32")
        }
    }

    private func memory(of value: StepValue) -> UnsafeMutableRawPointer {
        let constants = program.plan.constants
        let memory = Self.memory(of: value, arena: arena, constants: constants)
        // Every value of a plan has memory; the arena stands in for what cannot happen.
        return unsafe memory.base ?? arena.pointer(at: 0)
    }
}
