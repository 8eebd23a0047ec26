public import Foundation
import Synchronization

/// A program that a test started, and a thread that does nothing but wait for its end.
///
/// Foundation's `Process` watches all its children from one run loop, which under load misses an
/// end now and then; a test would wait for good.
public final class ChildProcess: Sendable {
    /// The program could not be started.
    public struct Failure: Error, CustomStringConvertible {
        /// Which one, and why.
        public let description: String
    }

    /// The process id.
    public let identifier: pid_t
    private let life = Life()

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: The executable.
    ///   - environment: Its variables, all of them.
    ///   - streams: The files behind standard input, output and error, with the flags of `open(2)`;
    ///     nil for the one that the tests have.
    ///   - leadsSession: Whether it gets a session of its own, so that a terminal among the streams
    ///     becomes the controlling one.
    /// - SeeAlso: `posix_spawn(3)`
    public init(
        _ path: String, _ arguments: [String], environment: [String: String],
        streams: [(path: String, flags: Int32)?], leadsSession: Bool = false
    ) throws {
        identifier = try unsafe Self.spawn(
            path, arguments, environment, streams, leadsSession: leadsSession)
        let thread = Thread { [identifier, life] in life.waitForEnd(of: identifier) }
        thread.start()
    }

    /// A test that failed half-way leaves nothing running.
    deinit { signal(SIGKILL) }

    /// Sends a signal unless it has ended: its id may belong to another by then.
    public func signal(_ number: Int32) {
        life.whileAlive { _ = kill(identifier, number) }
    }

    /// Waits for the end; the exit code, or 128 plus the signal, as a shell reports it.
    public func status() async -> Int32 {
        await withCheckedContinuation { waiter in life.tell(waiter) }
    }

    /// Runs a program found in `PATH` to its end, blocking.
    ///
    /// - Parameters:
    ///   - output: The file for what it writes to standard output.
    ///   - messages: The file for what it writes to standard error; nil to show it.
    /// - Returns: The exit code, or 128 plus the signal.
    public static func run(
        _ words: [String], output: String = "/dev/null", messages: String? = nil
    ) throws -> Int32 {
        let identifier = try unsafe spawn(
            "/usr/bin/env", words, ProcessInfo.processInfo.environment,
            [("/dev/null", O_RDONLY), (output, O_WRONLY), messages.map { ($0, O_WRONLY) }],
            leadsSession: false)
        return collect(identifier)
    }

    /// `posix_spawn_file_actions_addclosefrom_np(3)` of glibc, which Swift's module of it lacks.
    @unsafe private static func addCloseFrom(
        _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: Int32
    ) -> Int32 {
        typealias Function =
            @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
        guard
            let symbol = unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
        else { return ENOSYS }
        return unsafe unsafeBitCast(symbol, to: Function.self)(actions, first)
    }

    /// Waits for a child's end and takes it off the table of processes.
    private static func collect(_ identifier: pid_t) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    @unsafe private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String],
        _ streams: [(path: String, flags: Int32)?], leadsSession: Bool
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        _ = unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, stream) in streams.enumerated() {
            guard let stream else { continue }
            _ = unsafe posix_spawn_file_actions_addopen(
                &actions, Int32(descriptor), stream.path, stream.flags, 0)
        }
        // A lock that a test holds must not live on in a program.
        guard unsafe addCloseFrom(&actions, Int32(streams.count)) == 0 else {
            throw Failure(description: "\(path) would have the tests' files")
        }
        var attributes = posix_spawnattr_t()
        _ = unsafe posix_spawnattr_init(&attributes)
        defer { _ = unsafe posix_spawnattr_destroy(&attributes) }
        // No signal is blocked or ignored only because the test runner does so.
        var none = sigset_t()
        _ = unsafe sigemptyset(&none)
        var all = sigset_t()
        _ = unsafe sigfillset(&all)
        _ = unsafe posix_spawnattr_setsigmask(&attributes, &none)
        _ = unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let newSession: Int32 = leadsSession ? 0x80 : 0
        let flags = newSession | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        _ = unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var process = pid_t()
        let error = unsafe posix_spawn(
            &process, path, &actions, &attributes, &words, &variables)
        guard error == 0 else {
            throw Failure(description: "\(path) does not start: errno \(error)")
        }
        return process
    }

    /// Whether it still runs, and who waits for its end.
    private final class Life: Sendable {
        private enum State {
            case running([CheckedContinuation<Int32, Never>])
            case ended(Int32)
        }

        private let state = Mutex<State>(.running([]))

        func waitForEnd(of identifier: pid_t) {
            // The id stays taken until the status is collected, which is done under the lock.
            var information = unsafe siginfo_t()
            while unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) < 0,
                errno == EINTR
            {}
            let (status, waiters) = state.withLock { state in
                guard case .running(let waiters) = state else { preconditionFailure() }
                let status = ChildProcess.collect(identifier)
                state = .ended(status)
                return (status, waiters)
            }
            for waiter in waiters { waiter.resume(returning: status) }
        }

        func whileAlive(_ action: () -> Void) {
            state.withLock { state in
                if case .running = state { action() }
            }
        }

        func tell(_ waiter: CheckedContinuation<Int32, Never>) {
            let known = state.withLock { state -> Int32? in
                guard case .running(let waiters) = state else {
                    guard case .ended(let status) = state else { return nil }
                    return status
                }
                state = .running(waiters + [waiter])
                return nil
            }
            if let known { waiter.resume(returning: known) }
        }
    }
}
