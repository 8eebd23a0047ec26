/// A bounds-checked view of the elements of one value while a kernel runs.
///
/// The memory belongs to the session (or, for constants, to the program), which outlives the call.
/// Two views of one value may exist, but the planner gives the outputs of a node memory of their
/// own, so writing through one never changes an input.
@safe
struct ElementBuffer<Element: TensorElement> {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    /// - Parameter base: Points to at least `count` initialised or writable elements.
    @unsafe
    init(base: UnsafeMutablePointer<Element>, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    subscript(index: Int) -> Element {
        @inline(__always) get {
            precondition(index >= 0 && index < count, "element index out of bounds")
            // In bounds by the precondition.
            return unsafe base[index]
        }
        @inline(__always) nonmutating set {
            precondition(index >= 0 && index < count, "element index out of bounds")
            unsafe base[index] = newValue
        }
    }

    var indices: Range<Int> { 0..<count }

    /// The address of `count` elements from `offset` on, for a C kernel that was given the size.
    @unsafe
    func pointer(at offset: Int = 0, count needed: Int) -> UnsafeMutablePointer<Element> {
        precondition(offset >= 0 && needed >= 0 && offset + needed <= count, "range out of bounds")
        return unsafe base + offset
    }

    /// Copies `count` elements of `source` from `sourceOffset` on to `offset`.
    func copy(from source: ElementBuffer, at sourceOffset: Int, to offset: Int, count: Int) {
        guard count > 0 else { return }
        unsafe pointer(at: offset, count: count)
            .update(from: source.pointer(at: sourceOffset, count: count), count: count)
    }

    func fill(_ element: Element, from offset: Int, count: Int) {
        guard count > 0 else { return }
        unsafe pointer(at: offset, count: count).update(repeating: element, count: count)
    }

    func array() -> [Element] {
        unsafe Array(UnsafeBufferPointer(start: base, count: count))
    }
}
