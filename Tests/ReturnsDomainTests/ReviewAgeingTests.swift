import ReturnsDomain
import Testing

/// The order of the queue: urgent first, and nobody waits for ever.
@Suite struct ReviewAgeingTests {
    private static let day = Duration.seconds(86_400)
    private let ageing = ReviewAgeing(longestHeadStart: day, halfPriority: 50)

    @Test(arguments: [
        (0.0, 0.0), (50, 0.5), (150, 0.75), (1e300, 1), (.infinity, 1), (-5, 0), (.nan, 0),
    ])
    func theHeadStartGrowsToItsBound(priority: Double, share: Double) {
        let start = ageing.headStart(priority: priority)
        #expect(abs(start / Self.day - share) < 1e-9)
    }

    @Test func aHigherPriorityComesFirstAmongTasksOfOneTime() {
        let starts = [0, 0.01, 1, 7.5, 50, 1000, 50_000].map { ageing.headStart(priority: $0) }
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// Arrivals as bad as can be: a task of no value waits while dear ones keep coming, more than
    /// can be served.
    ///
    /// It is served before any that came more than a head start after it.
    @Test(arguments: [1.0, 50, 1e9])
    func nothingOvertakesATaskThatCameAHeadStartEarlier(priority: Double) throws {
        struct Waiting { let opened: Double, rank: Double, isPoor: Bool }
        let bound = Self.day / .seconds(1)
        let start = ageing.headStart(priority: priority) / .seconds(1)
        var waiting = [Waiting(opened: 0, rank: 0, isPoor: true)]
        var servedAt: Double?
        for hour in 0..<200 where servedAt == nil {
            let now = Double(hour) * 3600
            // Three come an hour, two are served.
            for _ in 0..<3 {
                waiting.append(Waiting(opened: now, rank: now - start, isPoor: false))
            }
            for _ in 0..<2 {
                let first = try #require(
                    waiting.indices.min { waiting[$0].rank < waiting[$1].rank })
                let served = waiting.remove(at: first)
                #expect(waiting.allSatisfy { $0.opened >= served.opened - bound })
                if served.isPoor { servedAt = now }
            }
        }
        // All that came within the head start, at two an hour: (24 + 1) × 3 ÷ 2 hours.
        #expect(try #require(servedAt) <= 38 * 3600)
    }
}
