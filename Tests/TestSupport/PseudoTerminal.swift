public import Foundation
import Synchronization

/// A program running on a terminal of its own, as under a person's hands.
///
/// `@unchecked Sendable` because everything that changes lies behind a lock; the descriptor is
/// closed once, by the thread that reads from it.
public final class PseudoTerminal: @unchecked Sendable {
    /// What went wrong while a test waited.
    public struct Failure: Error, CustomStringConvertible {
        /// What was waited for, and the screen as it was.
        public let description: String
    }

    private let master: FileHandle
    private let process: ChildProcess
    private let screenState: Mutex<ScreenEmulator>
    private let isHungUp = Mutex(false)
    private let changes: AsyncStream<Void>
    private let changed: AsyncStream<Void>.Continuation

    /// Starts a program whose controlling terminal is a new pseudo-terminal.
    ///
    /// - Parameters:
    ///   - answersGraphics: Whether the terminal says that it knows Kitty's graphics protocol.
    /// - SeeAlso: `pts(4)`
    public init(
        _ executable: URL, _ arguments: [String], environment: [String: String],
        columns: Int = 80, rows: Int = 24, answersGraphics: Bool = false
    ) throws {
        let (descriptor, path) = try unsafe Self.openPair()
        unsafe Self.setSize(descriptor, columns, rows)
        process = try ChildProcess(
            executable.path, arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
            streams: Array(repeating: (path, O_RDWR), count: 3), leadsSession: true)
        master = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        screenState = Mutex(ScreenEmulator(columns: columns, rows: rows))
        (changes, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        read(answersGraphics: answersGraphics)
    }

    /// The process id.
    public var identifier: Int32 { process.identifier }

    /// The screen as it is now.
    public var screen: ScreenEmulator { screenState.withLock { $0 } }

    /// Types text; `\u{1B}` is Escape.
    public func type(_ text: String) {
        master.write(Data(text.utf8))
    }

    /// Gives the terminal another size; the program is told by SIGWINCH.
    public func resize(columns: Int, rows: Int) {
        screenState.withLock { $0.resize(columns: columns, rows: rows) }
        unsafe Self.setSize(master.fileDescriptor, columns, rows)
    }

    /// Sends a signal.
    public func signal(_ number: Int32) {
        process.signal(number)
    }

    /// Closes the line: the program is told by SIGHUP and the end of its input.
    public func hangUp() {
        isHungUp.withLock { $0 = true }
    }

    /// Waits until the screen is as wanted.
    ///
    /// - Throws: ``Failure`` with the screen if the program ends before, or after two minutes.
    @discardableResult
    public func wait(
        for what: String, until isRight: (ScreenEmulator) -> Bool
    ) async throws -> ScreenEmulator {
        let watchdog = Task { [process] in
            try await Task.sleep(for: .seconds(120))
            process.signal(SIGKILL)
        }
        defer { watchdog.cancel() }
        var iterator = changes.makeAsyncIterator()
        while true {
            let screen = screen
            if isRight(screen) { return screen }
            guard await iterator.next() != nil else { break }
        }
        let screen = screen
        if isRight(screen) { return screen }
        throw Failure(description: "no \(what) on the screen:\n\(screen.text)")
    }

    /// Waits until a text is on the screen.
    @discardableResult
    public func wait(for text: String) async throws -> ScreenEmulator {
        try await wait(for: "'\(text)'") { $0.text.contains(text) }
    }

    /// Waits for the end; the exit code, or 128 plus the signal.
    public func status() async -> Int32 {
        await process.status()
    }

    private func read(answersGraphics: Bool) {
        let descriptor = master.fileDescriptor
        let thread = Thread { [weak self] in
            var answeredCount = 0
            var lastReads = 5
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                // A descriptor is only closed once nobody reads from it, so reading waits in turns.
                var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let isReady = unsafe poll(&ready, 1, 50) != 0
                if self?.isHungUp.withLock({ $0 }) != false { break }
                guard isReady else { continue }
                let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                    unsafe Foundation.read(descriptor, bytes.baseAddress, bytes.count)
                }
                guard let self else { break }
                if count <= 0 {
                    // The last words of a program may arrive after the line is closed.
                    lastReads -= 1
                    guard lastReads > 0 else { break }
                    _ = poll(nil, 0, 20)
                    continue
                }
                let questionCount = self.screenState.withLock { screen in
                    screen.write(buffer.prefix(count))
                    return screen.questions.count
                }
                if questionCount > answeredCount {
                    answeredCount = questionCount
                    self.type((answersGraphics ? "\u{1B}_Gi=31;OK\u{1B}\\" : "") + "\u{1B}[?62c")
                }
                self.changed.yield()
            }
            self?.changed.finish()
            close(descriptor)
        }
        thread.start()
    }

    /// A new pair: the descriptor of the master and the path of the terminal.
    ///
    /// - SeeAlso: `ioctl_tty(2)`, TIOCSPTLCK and TIOCGPTN; the C library's own functions for it are
    ///   not visible to Swift.
    @unsafe private static func openPair() throws -> (master: Int32, path: String) {
        let descriptor = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: Int32 = 0
        var number: Int32 = 0
        guard descriptor >= 0, unsafe ioctl(descriptor, 0x4004_5431, &isLocked) == 0,
            unsafe ioctl(descriptor, 0x8004_5430, &number) == 0
        else { throw Failure(description: "there is no pseudo-terminal") }
        return (descriptor, "/dev/pts/\(number)")
    }

    @unsafe private static func setSize(_ descriptor: Int32, _ columns: Int, _ rows: Int) {
        var window = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = unsafe ioctl(descriptor, UInt(TIOCSWINSZ), &window)
    }
}
