import Foundation
import Imaging
import ReturnsDomain
import ReviewTerminal
import Synchronization
import Workflow

/// What wakes the loop of an interactive review.
enum LoopEvent: Sendable {
    case input(TerminalInput, at: ContinuousClock.Instant)
    case session(SessionEvent)
    case windowChanged
    case stopAsked
    case continued
    case endAsked
    case questionUnanswered
}

/// Connects the pure session with the terminal, the signals and the record.
struct ReviewLoop {
    private let device: TerminalDevice
    private let abilities: TerminalAbilities
    private let choice: PictureChoice
    private let opensEveryPhoto: Bool
    private let events: AsyncStream<LoopEvent>
    private let wake: AsyncStream<LoopEvent>.Continuation
    private let output: ScreenOutput
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now
    let timings = SwitchTimings()

    init(
        device: TerminalDevice, abilities: TerminalAbilities, choice: PictureChoice,
        opensEveryPhoto: Bool
    ) {
        self.device = device
        self.abilities = abilities
        self.choice = choice
        self.opensEveryPhoto = opensEveryPhoto
        (events, wake) = AsyncStream.makeStream()
        output = ScreenOutput(depth: abilities.depth)
    }

    /// Runs a session to its end; the terminal is as before when this returns or throws.
    ///
    /// - Returns: What was done, and whether the reviewer ended it, not a signal or a hang-up.
    func run(
        reviewer: String, leaseDuration: Duration, keys: KeyMap, settings: Settings,
        queue: any ReviewQueue
    ) async -> (tally: ReviewSession.Tally, wasInterrupted: Bool) {
        let signals = TerminalSignals(wake)
        defer { signals.cancel() }
        device.enter()
        defer { device.leave() }
        let reading = TerminalReading.start(device.input(), wake)
        defer { reading.cancel() }
        var iterator = events.makeAsyncIterator()
        var typedAhead: [LoopEvent] = []
        let pictures = await pictures(&iterator, &typedAhead)
        let terms = ReviewSession.Terms(
            reviewer: reviewer, leaseDuration: leaseDuration,
            idleLimit: max(leaseDuration, .seconds(600)), keys: keys,
            showsPictures: pictures != .none || opensEveryPhoto,
            commentByteCountLimit: Casebook.commentByteCountLimit)
        let viewer = ViewerFiles(environment: ProcessInfo.processInfo.environment)
        defer { viewer.removeAll() }
        let runner = EffectRunner(
            queue: queue, settings: settings, terms: terms, pictures: pictures, viewer: viewer
        ) { [wake] in wake.yield(.session($0)) }
        let ticking = Task { [wake] in
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(1))
                wake.yield(.session(.tick))
            }
        }
        defer { ticking.cancel() }
        var state = State(session: ReviewSession(terms: terms, size: device.size().cells))
        apply(state.session.start(), to: &state, runner)
        show(&state)
        for event in typedAhead { handle(event, &state, runner) }
        while !state.hasEnded, let event = await iterator.next() {
            handle(event, &state, runner)
        }
        output.close()
        return (state.session.tally, state.wasInterrupted)
    }

    private struct State {
        var session: ReviewSession
        var hasEnded = false
        var wasInterrupted = false
        var shownTask: ReviewTaskID?
        var openedTask: ReviewTaskID?
        /// When the key was pressed that ended the case before.
        var switchBegan: ContinuousClock.Instant?
    }

    private static let answerTime = Duration.milliseconds(500)

    /// Asks the terminal about Kitty's protocol, for half a second at most.
    private func pictures(
        _ iterator: inout AsyncStream<LoopEvent>.Iterator, _ typedAhead: inout [LoopEvent]
    ) async -> PictureProtocol {
        let cell = device.size().pixels
        guard choice == .auto, abilities.mayHaveGraphics else {
            return abilities.pictures(choice, answered: false, cell: cell)
        }
        TerminalDevice.write(Array(KittyGraphics.question.utf8))
        let timer = Task { [wake] in
            try await Task.sleep(for: Self.answerTime)
            wake.yield(.questionUnanswered)
        }
        defer { timer.cancel() }
        var answered = false
        waiting: while let event = await iterator.next() {
            switch event {
            case .input(.graphicsAnswer(let isOK), _): answered = isOK
            case .input(.deviceAttributes, _), .questionUnanswered: break waiting
            default: typedAhead.append(event)
            }
        }
        return abilities.pictures(choice, answered: answered, cell: cell)
    }

    private func handle(_ event: LoopEvent, _ state: inout State, _ runner: EffectRunner) {
        let now = start.duration(to: clock.now)
        let before = state.shownTask
        var effects: [SessionEffect] = []
        switch event {
        case .input(.key(let key), let instant):
            effects = state.session.handle(.key(key), at: now)
            if before != nil, state.session.shownTask != before { state.switchBegan = instant }
        case .input(.pasted(let text), _): effects = state.session.handle(.pasted(text), at: now)
        case .input, .questionUnanswered: return
        case .session(let event):
            if case .queueEmpty = event { state.switchBegan = nil }
            effects = state.session.handle(event, at: now)
        case .windowChanged:
            effects = state.session.handle(.resized(device.size().cells), at: now)
        case .continued:
            device.enter()
            output.reopen()
            effects = state.session.handle(.resized(device.size().cells), at: now)
        case .stopAsked: effects = [.suspend]
        case .endAsked:
            state.wasInterrupted = true
            effects = state.session.handle(.interrupted, at: now)
        }
        apply(effects, to: &state, runner)
        show(&state)
    }

    private func apply(
        _ effects: [SessionEffect], to state: inout State, _ runner: EffectRunner
    ) {
        for effect in effects {
            switch effect {
            case .suspend: suspend()
            case .redraw: output.forget()
            case .end: state.hasEnded = true
            default: runner.run(effect)
            }
        }
        openPhoto(&state, runner)
    }

    /// With `--open`, every case's first photo goes to the viewer when it is loaded.
    private func openPhoto(_ state: inout State, _ runner: EffectRunner) {
        guard opensEveryPhoto, let (task, photo) = state.session.shownPhoto,
            state.openedTask != task.id
        else { return }
        state.openedTask = task.id
        runner.run(.openViewer(task, photo: photo))
    }

    private func show(_ state: inout State) {
        state.shownTask = state.session.shownTask
        let frame = ReviewScreen.frame(of: state.session, date: .now)
        if let began = state.switchBegan, state.shownTask != nil, state.session.isPictureComplete {
            state.switchBegan = nil
            output.show(frame) { [timings, clock] in timings.add(began.duration(to: clock.now)) }
        } else {
            output.show(frame)
        }
    }

    /// Gives the terminal to the shell until it continues us.
    ///
    /// - SeeAlso: `signal(7)`: without job control SIGTSTP does nothing, and the session goes on.
    private func suspend() {
        output.close()
        device.leave()
        signal(SIGTSTP, SIG_DFL)
        raise(SIGTSTP)
        signal(SIGTSTP, SIG_IGN)
        wake.yield(.continued)
    }
}
