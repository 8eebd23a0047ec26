import NeuralNetwork
import Statistics
import Testing

struct ArenaPlannerTests {
    @Test(arguments: 0..<UInt64(100))
    func buffersThatLiveTogetherNeverOverlap(seed: UInt64) {
        var numbers = SeededGenerator(seed: seed)
        let requests = (0..<60).map { _ in
            let first = Int.random(in: 0..<40, using: &numbers)
            let last = first + Int.random(in: 0..<10, using: &numbers)
            return BufferRequest(
                byteCount: Int.random(in: 0..<5_000, using: &numbers), lifetime: first...last)
        }
        let (offsets, byteCount) = ArenaPlanner.place(requests)
        for (index, request) in requests.enumerated() {
            #expect(offsets[index] % 64 == 0)
            #expect(offsets[index] + request.byteCount <= byteCount)
            for other in requests.indices.dropFirst(index + 1)
            where request.lifetime.overlaps(requests[other].lifetime) {
                let isBefore = offsets[index] + request.byteCount <= offsets[other]
                let isBehind = offsets[other] + requests[other].byteCount <= offsets[index]
                #expect(isBefore || isBehind, "buffers \(index) and \(other), seed \(seed)")
            }
        }
    }

    @Test
    func buffersThatFollowEachOtherShareMemory() {
        let requests = (0..<10).map { BufferRequest(byteCount: 1_000, lifetime: $0...$0) }
        #expect(ArenaPlanner.place(requests).byteCount == 1_024)
    }
}
