import HTTPService
import Testing

/// What all uploads under way hold together.
struct BodyMemoryTests {
    @Test func theLimitHoldsForAllRequestsTogether() throws {
        let memory = BodyMemory(byteCountLimit: 100)
        let first = memory.share()
        try first.take(60)
        do {
            let second = memory.share()
            try second.take(39)
            try second.take(1)
            #expect(throws: Problem.self) { try second.take(1) }
            #expect(throws: Problem.self) { try first.take(1) }
            #expect(memory.byteCount == 100, "what was refused is not held")
            withExtendedLifetime(second) {}
        }
        #expect(memory.byteCount == 60, "what nobody holds is given back")
        try first.take(40)
        withExtendedLifetime(first) {}
    }
}
