/// A block of zeroed memory, aligned for the widest vector registers, freed with its owner.
///
/// `@unchecked Sendable` because the block itself is fixed; who may write to it is the owner's
/// affair: a program never writes to its constants after filling them, and a session's arena
/// is used by one thread at a time.
@safe
final class AlignedMemory: @unchecked Sendable {
    /// Bytes of a cache line and of the widest register.
    static let alignment = 64

    private let base: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) {
        self.byteCount = max(1, byteCount)
        unsafe base = UnsafeMutableRawPointer.allocate(
            byteCount: self.byteCount, alignment: Self.alignment)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: self.byteCount)
    }

    deinit {
        unsafe base.deallocate()
    }

    /// The address of the byte at `offset`, valid as long as this object lives.
    @unsafe
    func pointer(at offset: Int) -> UnsafeMutableRawPointer {
        precondition(offset >= 0 && offset <= byteCount, "offset lies outside of the block")
        return unsafe base + offset
    }
}

/// Offsets of buffers that lie one behind the other.
struct ArenaLayout {
    private(set) var byteCount = 0

    /// Bytes that a buffer takes with what keeps the next one aligned.
    static func paddedByteCount(_ byteCount: Int) -> Int {
        (max(1, byteCount) + AlignedMemory.alignment - 1)
            / AlignedMemory.alignment * AlignedMemory.alignment
    }

    mutating func append(byteCount: Int) -> Int {
        let offset = self.byteCount
        self.byteCount += Self.paddedByteCount(byteCount)
        return offset
    }

    func checkLimit(what: String) throws(ModelError) {
        guard byteCount <= ModelLimits.workingMemoryByteLimit else {
            throw .limitExceeded(
                what: "\(what) in bytes", value: byteCount,
                limit: ModelLimits.workingMemoryByteLimit)
        }
    }
}
