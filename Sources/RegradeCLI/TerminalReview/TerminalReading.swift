import ReviewTerminal

/// Turns what is typed into events of the loop.
actor TerminalReading {
    private var decoder = InputDecoder()
    private var readCount = 0
    private let wake: AsyncStream<LoopEvent>.Continuation

    /// How long a lone Escape waits for the rest of a sequence; longer than a slow line splits one.
    private static let escapeTime = Duration.milliseconds(60)

    private init(_ wake: AsyncStream<LoopEvent>.Continuation) {
        self.wake = wake
    }

    /// Reads until the input ends, and says so then.
    static func start(
        _ input: AsyncStream<[UInt8]>, _ wake: AsyncStream<LoopEvent>.Continuation
    ) -> Task<Void, Never> {
        Task.detached {
            let reading = TerminalReading(wake)
            for await bytes in input { await reading.take(bytes) }
            wake.yield(.endAsked)
        }
    }

    private func take(_ bytes: [UInt8]) {
        readCount += 1
        tell(decoder.decode(bytes))
        guard decoder.isWaiting else { return }
        let count = readCount
        Task {
            try await Task.sleep(for: Self.escapeTime)
            if readCount == count { tell(decoder.flush()) }
        }
    }

    private func tell(_ inputs: [TerminalInput]) {
        let now = ContinuousClock.now
        for input in inputs { wake.yield(.input(input, at: now)) }
    }
}
