public import Foundation

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
    ///   - input: What it reads from standard input, which is empty otherwise.
    public static func run(
        _ arguments: [String], environment: [String: String] = [:], input: Data = Data()
    ) async throws -> ProgramOutput {
        try await start(arguments, environment: environment, input: input).output()
    }

    /// Starts `regrade` and returns at once, for tests that kill it or run several together.
    public static func start(
        _ arguments: [String], environment: [String: String] = [:], input: Data = Data()
    ) throws -> RunningProgram {
        try RunningProgram(
            executable: executable, arguments: arguments, environment: environment, input: input)
    }
}

/// A program that was started; its output goes to files, so that it never waits for a reader.
public final class RunningProgram: Sendable {
    private let files: TemporaryFolder
    private let process: ChildProcess

    /// Starts the program; it ends with this object at the latest.
    public init(
        executable: URL, arguments: [String], environment: [String: String] = [:],
        input: Data = Data()
    ) throws {
        files = try TemporaryFolder()
        process = try ChildProcess(
            executable.path, arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
            streams: [
                (files.write(input, to: "input").path, O_RDONLY),
                (files.write(Data(), to: "output").path, O_WRONLY),
                (files.write(Data(), to: "messages").path, O_WRONLY),
            ])
    }

    /// The process id, for sending a signal.
    public var identifier: Int32 { process.identifier }

    /// What it has written to standard output so far.
    public func outputSoFar() throws -> Data {
        try Data(contentsOf: files.file("output"))
    }

    /// Ends it at once, as power loss or the kernel's memory guard would (SIGKILL).
    public func kill() {
        process.signal(SIGKILL)
    }

    /// Asks it to end (SIGTERM).
    public func terminate() {
        process.signal(SIGTERM)
    }

    /// Waits for its end and returns what it left.
    public func output() async throws -> ProgramOutput {
        let status = await process.status()
        return ProgramOutput(
            status: status,
            standardOutput: try Data(contentsOf: files.file("output")),
            standardError: try Data(contentsOf: files.file("messages")))
    }
}
