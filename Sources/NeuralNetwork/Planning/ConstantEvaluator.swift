/// Runs one node right away, on tensors.
enum ConstantEvaluator {
    /// - Returns: One tensor per output of the plan.
    static func evaluate(
        _ plan: NodePlan, node: GraphNode, inputs: [Tensor?]
    ) throws(ModelError) -> [Tensor] {
        switch plan.work {
        case .constants(let tensors):
            return tensors
        case .view:
            guard let input = inputs.first.flatMap({ $0 }) else {
                throw .invalidNode(
                    node: node.label, operatorName: node.operatorName, reason: "it has no input")
            }
            return plan.outputs.map { Tensor(checked: $0.shape, elements: input.elements) }
        case .kernel(let scratchFloatCount, let kernel):
            return try run(
                kernel, scratchFloatCount: scratchFloatCount, inputs: inputs, outputs: plan.outputs)
        }
    }

    private static func run(
        _ kernel: Kernel, scratchFloatCount: Int, inputs: [Tensor?], outputs: [TensorType]
    ) throws(ModelError) -> [Tensor] {
        var layout = ArenaLayout()
        let inputOffsets = inputs.map { tensor in
            tensor.map { layout.append(byteCount: $0.type.byteCount) }
        }
        let outputOffsets = outputs.map { layout.append(byteCount: $0.byteCount) }
        let scratchOffset = layout.append(byteCount: scratchFloatCount * 4)
        try layout.checkLimit(what: "memory to fold constants")
        let memory = AlignedMemory(byteCount: layout.byteCount)
        var values: [ValueMemory] = []
        for (tensor, offset) in zip(inputs, inputOffsets) {
            guard let tensor, let offset else {
                unsafe values.append(ValueMemory(base: nil, elementCount: 0))
                continue
            }
            let base = unsafe memory.pointer(at: offset)
            unsafe tensor.elements.copy(to: base)
            unsafe values.append(
                ValueMemory(base: base, elementCount: tensor.checkedShape.elementCount))
        }
        for (type, offset) in zip(outputs, outputOffsets) {
            unsafe values.append(
                ValueMemory(
                    base: memory.pointer(at: offset), elementCount: type.shape.elementCount))
        }
        try unsafe call(
            kernel, values: values, inputCount: inputs.count, outputCount: outputs.count,
            scratch: memory.pointer(at: scratchOffset), scratchFloatCount: scratchFloatCount)
        return zip(outputs, outputOffsets).map { type, offset in
            unsafe Tensor(type: type, copying: memory.pointer(at: offset))
        }
    }

    private static func call(
        _ kernel: Kernel, values: [ValueMemory], inputCount: Int, outputCount: Int,
        scratch: UnsafeMutableRawPointer, scratchFloatCount: Int
    ) throws(ModelError) {
        let pointer = UnsafeMutablePointer<ValueMemory>.allocate(capacity: values.count)
        defer { unsafe pointer.deallocate() }
        for (index, value) in values.enumerated() {
            unsafe (pointer + index).initialize(to: value)
        }
        try kernel(
            unsafe KernelArguments(
                values: pointer, inputCount: inputCount, outputCount: outputCount,
                scratchBase: scratch, scratchFloatCount: scratchFloatCount))
    }
}

extension Tensor {
    /// Copies the elements out of a kernel's memory.
    ///
    /// - Parameter source: Points to `type.shape.elementCount` initialised elements.
    @unsafe
    init(type: TensorType, copying source: UnsafeRawPointer) {
        let count = type.shape.elementCount
        func elements<Element: TensorElement>(_: Element.Type) -> [Element] {
            unsafe Array(
                UnsafeBufferPointer(
                    start: source.assumingMemoryBound(to: Element.self), count: count))
        }
        let copied: Elements =
            switch type.element {
            case .float32: .float32(elements(Float.self))
            case .int64: .int64(elements(Int64.self))
            case .int32: .int32(elements(Int32.self))
            case .bool: .bool(elements(Bool.self))
            }
        self.init(checked: type.shape, elements: copied)
    }
}
