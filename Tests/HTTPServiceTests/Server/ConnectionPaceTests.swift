import HTTPService
import Testing

/// When a connection is cut, told by a clock that only the test moves.
struct ConnectionPaceTests {
    private let start = ContinuousClock.now
    private let limits = ConnectionPace.Limits(
        headerSeconds: 10, bodyRate: 16_000, uploadSeconds: 300)

    private func at(_ seconds: Double) -> ContinuousClock.Instant {
        start.advanced(by: .seconds(seconds))
    }

    private func verdicts(
        _ pace: ConnectionPace, at seconds: [Double]
    ) -> [ConnectionPace.Verdict] {
        seconds.map { second in
            var pace = pace
            return pace.verdict(at: at(second))
        }
    }

    @Test
    func closesBeforeAndDuringHeadersAtTheLimit() {
        var pace = ConnectionPace(limits: limits, now: start)
        #expect(verdicts(pace, at: [9.9, 10]) == [.keep, .close])
        // More bytes of the same head win no time.
        pace.bytesArrived(at: at(5))
        pace.bytesArrived(at: at(14))
        #expect(verdicts(pace, at: [14.9, 15]) == [.keep, .close])
    }

    @Test
    func bodiesMustKeepTheirRateAfterTheirGrace() {
        var pace = ConnectionPace(limits: limits, now: start)
        pace.headRead(at: at(0))
        #expect(verdicts(pace, at: [5, 5.1]) == [.keep, .slowBody])
        pace.bodyRead(byteCount: 16_000)
        #expect(verdicts(pace, at: [6, 6.1]) == [.keep, .slowBody])
        pace.bodyRead(byteCount: 96_000_000)
        #expect(verdicts(pace, at: [299.9, 300]) == [.keep, .slowBody])
    }

    @Test
    func whoeverIsToldTwiceIsClosed() {
        var pace = ConnectionPace(limits: limits, now: start)
        pace.headRead(at: at(0))
        #expect(pace.verdict(at: at(6)) == .slowBody)
        #expect(pace.verdict(at: at(7)) == .close)
    }

    @Test
    func workHasDeadlinesOfItsOwnAndTheNextRequestAMinute() {
        var pace = ConnectionPace(limits: limits, now: start)
        pace.headRead(at: at(0))
        pace.endRead(at: at(1))
        #expect(pace.verdict(at: at(200)) == .keep)
        pace.answered(at: at(200))
        #expect(verdicts(pace, at: [259, 260]) == [.keep, .close])
    }

    @Test
    func anAnswerBeforeTheEndOfTheBodyLeavesTwoSeconds() {
        var pace = ConnectionPace(limits: limits, now: start)
        pace.headRead(at: at(0))
        pace.answered(at: at(1))
        #expect(verdicts(pace, at: [2.9, 3]) == [.keep, .close])
    }

    @Test
    func uploadsEndSoonWhenTheServiceStops() {
        var pace = ConnectionPace(limits: limits, now: start)
        pace.headRead(at: at(0))
        pace.bodyRead(byteCount: 96_000_000)
        pace.stop(at: at(1))
        #expect(verdicts(pace, at: [8.9, 9]) == [.keep, .slowBody])
    }
}

struct TokenBucketTests {
    @Test
    func refillsEvenlyOverAMinute() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(capacity: 2, at: start)
        let taken = (0..<3).map { _ in bucket.take(at: start) }
        #expect(taken == [true, true, false])
        #expect(bucket.secondsUntilNext == 30)
        let early = bucket.take(at: start.advanced(by: .seconds(29)))
        let late = bucket.take(at: start.advanced(by: .seconds(30.001)))
        #expect(!early && late)
        #expect(bucket.isFull(at: start.advanced(by: .seconds(91))))
    }
}

struct MetricFamilyTests {
    @Test
    func writesCountersAndHistogramsAsPrometheusReadsThem() {
        let counter = MetricFamily("a_total", .counter, "Help.", labels: ["b"])
        counter.add(2, "x\"\\\n")
        #expect(
            counter.text
                == "# HELP a_total Help.\n# TYPE a_total counter\na_total{b=\"x\\\"\\\\\\n\"} 2\n")
        let histogram = MetricFamily("h", .histogram, "Help.", bounds: [0.5, 1])
        for value in [0.5, 0.75, 3] { histogram.observe(value) }
        #expect(
            histogram.text.split(separator: "\n").dropFirst(2).map(String.init) == [
                #"h_bucket{le="0.5"} 1"#, #"h_bucket{le="1"} 2"#, #"h_bucket{le="+Inf"} 3"#,
                "h_sum 4.25", "h_count 3",
            ])
    }
}
