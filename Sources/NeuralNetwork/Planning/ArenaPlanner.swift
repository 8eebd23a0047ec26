/// When one buffer is needed, and how large it is.
package struct BufferRequest: Sendable, Hashable {
    /// Bytes, at least 0.
    package let byteCount: Int
    /// The steps during which the contents matter, first to last.
    package let lifetime: ClosedRange<Int>

    /// A request; see the members.
    package init(byteCount: Int, lifetime: ClosedRange<Int>) {
        self.byteCount = byteCount
        self.lifetime = lifetime
    }
}

/// Places buffers in one block so that those needed at the same time do not overlap.
///
/// The largest go first, each at the lowest offset that is free during its lifetime (Pisarchyk and
/// Lee 2020, "Efficient Memory Management for Deep Neural Net Inference", greedy by size).
package enum ArenaPlanner {
    /// - Returns: One offset per request, 64-byte aligned, and the bytes needed in all.
    /// - Complexity: O(n²) for n requests; n is bounded by ``ModelLimits/valueCountLimit``.
    package static func place(_ requests: [BufferRequest]) -> (offsets: [Int], byteCount: Int) {
        let order = requests.indices.sorted {
            (requests[$1].byteCount, $0) < (requests[$0].byteCount, $1)
        }
        var offsets = [Int](repeating: 0, count: requests.count)
        var placed: [(offset: Int, end: Int, lifetime: ClosedRange<Int>)] = []
        var byteCount = 0
        for index in order {
            let request = requests[index]
            let size = ArenaLayout.paddedByteCount(request.byteCount)
            var offset = 0
            // `placed` is sorted by offset, so the first gap that fits is the lowest.
            for other in placed where other.lifetime.overlaps(request.lifetime) {
                if other.offset - offset >= size { break }
                offset = max(offset, other.end)
            }
            offsets[index] = offset
            byteCount = max(byteCount, offset + size)
            let position = placed.firstIndex { $0.offset > offset } ?? placed.count
            placed.insert((offset, offset + size, request.lifetime), at: position)
        }
        return (offsets, byteCount)
    }
}
