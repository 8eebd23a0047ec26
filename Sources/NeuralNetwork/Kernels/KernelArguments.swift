/// The work of one node: reads its inputs, writes all elements of its outputs, allocates nothing.
typealias Kernel = @Sendable (KernelArguments) throws(ModelError) -> Void

/// Where a value lies during a run.
@safe
struct ValueMemory {
    /// `nil` for an input or output that is left out.
    let base: UnsafeMutableRawPointer?
    let elementCount: Int
}

/// What a kernel works on.
@safe
struct KernelArguments {
    private let values: UnsafePointer<ValueMemory>
    let inputCount: Int
    let outputCount: Int
    private let scratchBase: UnsafeMutableRawPointer
    private let scratchFloatCount: Int

    /// - Parameter values: The node's inputs, then its outputs.
    @unsafe
    init(
        values: UnsafePointer<ValueMemory>, inputCount: Int, outputCount: Int,
        scratchBase: UnsafeMutableRawPointer, scratchFloatCount: Int
    ) {
        unsafe self.values = values
        self.inputCount = inputCount
        self.outputCount = outputCount
        unsafe self.scratchBase = scratchBase
        self.scratchFloatCount = scratchFloatCount
    }

    /// - Precondition: The planner found this input to be present and of this element type.
    func input<Element: TensorElement>(
        _ index: Int, as type: Element.Type = Element.self
    ) -> ElementBuffer<Element> {
        precondition(index < inputCount, "no such input")
        return unsafe view(values[index])
    }

    /// `nil` if the input is left out.
    func optionalInput<Element: TensorElement>(
        _ index: Int, as type: Element.Type = Element.self
    ) -> ElementBuffer<Element>? {
        guard index < inputCount, unsafe values[index].base != nil else { return nil }
        return unsafe view(values[index])
    }

    /// - Precondition: The planner found this output to be present and of this element type.
    func output<Element: TensorElement>(
        _ index: Int, as type: Element.Type = Element.self
    ) -> ElementBuffer<Element> {
        precondition(index < outputCount, "no such output")
        return unsafe view(values[inputCount + index])
    }

    /// Memory of the size that the node's plan asked for, 64-byte aligned, with old contents.
    var scratch: ElementBuffer<Float> {
        unsafe ElementBuffer(
            base: scratchBase.assumingMemoryBound(to: Float.self), count: scratchFloatCount)
    }

    private func view<Element: TensorElement>(_ memory: ValueMemory) -> ElementBuffer<Element> {
        guard let base = unsafe memory.base else { preconditionFailure("value is left out") }
        // The planner reserved `elementCount` elements of the type that the node's plan states.
        return unsafe ElementBuffer(
            base: base.assumingMemoryBound(to: Element.self), count: memory.elementCount)
    }
}
