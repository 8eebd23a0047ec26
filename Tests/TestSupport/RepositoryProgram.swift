public import Foundation
import Synchronization

/// What a program left behind when it ended.
public struct ProgramOutput: Sendable {
    /// The exit code, or 128 plus the signal that ended it, as a shell reports it.
    public let status: Int32
    /// Everything it wrote to standard output.
    public let standardOutput: Data
    /// Everything it wrote to standard error.
    public let standardError: Data

    /// Standard output as text.
    public var text: String { String(decoding: standardOutput, as: UTF8.self) }
    /// Standard error as text.
    public var messages: String { String(decoding: standardError, as: UTF8.self) }
}

/// The `regrade` program of this build, run as a user runs it.
public enum RepositoryProgram {
    /// The executable beside the running test program.
    public static let executable: URL =
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "regrade")

    /// Runs `regrade` to its end without blocking a thread of the cooperative pool.
    ///
    /// - Parameters:
    ///   - arguments: What follows `regrade` on the command line.
    ///   - environment: Variables to add to the test's own, or to replace there.
    ///   - folder: The working directory; the repository root if nil.
    ///   - input: What it reads from standard input, which is empty otherwise.
    public static func run(
        _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil,
        input: Data = Data()
    ) async throws -> ProgramOutput {
        try await start(arguments, environment: environment, in: folder, input: input).output()
    }

    /// Starts `regrade` and returns at once, for tests that kill it or run several together.
    public static func start(
        _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil,
        input: Data = Data()
    ) throws -> RunningProgram {
        try RunningProgram(
            executable: executable, arguments: arguments, environment: environment,
            folder: folder ?? Repository.root, input: input)
    }
}

/// A program that was started; its output goes to files, so that it never waits for a reader.
///
/// `@unchecked Sendable` because `process` is only set up before `run()`; afterwards the methods
/// called on it are reads and signals, and the end is told through a lock.
public final class RunningProgram: @unchecked Sendable {
    private let process = Process()
    private let files: TemporaryFolder
    private let end = Mutex<End>(.running([]))

    private enum End {
        case running([CheckedContinuation<Int32, Never>])
        case ended(Int32)
    }

    /// Starts the program.
    public init(
        executable: URL, arguments: [String], environment: [String: String], folder: URL,
        input: Data
    ) throws {
        files = try TemporaryFolder()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = folder
        let input = try FileHandle(forReadingFrom: files.write(input, to: "input"))
        let output = try FileHandle(forWritingTo: files.write(Data(), to: "output"))
        let messages = try FileHandle(forWritingTo: files.write(Data(), to: "messages"))
        process.standardInput = input
        process.standardOutput = output
        process.standardError = messages
        process.terminationHandler = { [weak self] process in
            let signalled = process.terminationReason == .uncaughtSignal
            self?.finish(status: process.terminationStatus + (signalled ? 128 : 0))
        }
        try process.run()
        // The program has copies of its own, and Foundation keeps a process for good: with more
        // than 1,024 files open its run loop misses ends, and then crashes.
        for handle in [input, output, messages] { try handle.close() }
    }

    /// The process id, for sending a signal.
    public var identifier: Int32 { process.processIdentifier }

    /// What it has written to standard output so far.
    public func outputSoFar() throws -> Data {
        try Data(contentsOf: files.file("output"))
    }

    /// Ends it at once, as power loss or the kernel's memory guard would (SIGKILL).
    public func kill() {
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
    }

    /// Asks it to end (SIGTERM).
    public func terminate() {
        process.terminate()
    }

    /// Waits for its end and returns what it left.
    public func output() async throws -> ProgramOutput {
        let status = await withCheckedContinuation { waiter in
            let known = end.withLock { end -> Int32? in
                switch end {
                case .running(let waiters):
                    end = .running(waiters + [waiter])
                    return nil
                case .ended(let status): return status
                }
            }
            if let known { waiter.resume(returning: known) }
        }
        return ProgramOutput(
            status: status,
            standardOutput: try Data(contentsOf: files.file("output")),
            standardError: try Data(contentsOf: files.file("messages")))
    }

    private func finish(status: Int32) {
        let waiters = end.withLock { end -> [CheckedContinuation<Int32, Never>] in
            guard case .running(let waiters) = end else { return [] }
            end = .ended(status)
            return waiters
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }
}
