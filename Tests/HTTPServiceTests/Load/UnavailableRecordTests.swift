import Foundation
import TestSupport
import Testing

/// T18: the record is locked, read-only, slow or full for a while, under load.
///
/// Meanwhile nothing is decided but what is recorded; afterwards the service goes on by itself.
@Suite(.serialized)
struct UnavailableRecordTests {
    private static let settings = ["REGRADE_REQUEST_RATE_LIMIT": "100000000"]
    private static let clientCount = 4
    /// At least; trouble also lasts until somebody was told of it.
    private static let seconds = Stress.isLong ? 60.0 : 1.5

    /// What a trouble of the record was answered with, and how long the service took to recover.
    private struct Outcome {
        let trouble: String
        let during: [PortalLoad.Event]
        let recovery: Duration
        let load: PortalLoad
    }

    @Test
    func aLockedDatabaseIsWaitedForThenRefused() async throws {
        let served = try await ServedData(settings: Self.settings)
        let outcome = try await Self.trouble("locked", served) {
            let lock = try WriteLock(of: served)
            return { lock.end() }
        }
        try await Self.check(outcome, served, refusals: ["record_unavailable"])
    }

    @Test(
        .enabled(if: CCompiler.isThere),
        arguments: [("EROFS", "record_unavailable"), ("EIO", "record_unavailable")])
    func aRecordThatCannotBeWrittenRefuses(error: String, code: String) async throws {
        let library = try FaultLibrary()
        let folder = try TemporaryFolder()
        let served = try await Self.served(library, folder, ["REGRADE_FAULT_ERROR": error])
        let outcome = try await Self.trouble(error, served) {
            try Self.switchOn(folder)
        }
        try await Self.check(outcome, served, refusals: [code])
    }

    @Test(.enabled(if: CCompiler.isThere))
    func aSlowRecordIsOnlySlow() async throws {
        let library = try FaultLibrary()
        let folder = try TemporaryFolder()
        let late = Stress.isLong ? "700" : "150"
        let served = try await Self.served(library, folder, ["REGRADE_FAULT_LATE": late])
        let outcome = try await Self.trouble("slow", served) {
            try Self.switchOn(folder)
        }
        try await Self.check(
            outcome, served, refusals: ["record_unavailable"], mayAcknowledge: true)
    }

    @Test(.enabled(if: SmallDisk.canBeMounted))
    func aFullDiskRefusesUntilThereIsSpace() async throws {
        let disk = try SmallDisk(byteCount: 64 << 20)
        let served = try await ServedData(settings: Self.settings, in: disk.folder)
        let outcome = try await Self.trouble("full", served) {
            let filler = disk.folder.file("filler")
            try Self.fill(filler)
            return { try FileManager.default.removeItem(at: filler) }
        }
        try await Self.check(outcome, served, refusals: ["disk_full"])
    }

    // MARK: Trouble

    private static func served(
        _ library: FaultLibrary, _ folder: TemporaryFolder, _ faults: [String: String]
    ) async throws -> ServedData {
        let data = try TemporaryFolder()
        let environment = library.environment(
            data.file("data").path,
            faults.merging(["REGRADE_FAULT_WHILE": folder.file("trouble").path]) { $1 })
        return try await ServedData(settings: settings.merging(environment) { $1 }, in: data)
    }

    private static func switchOn(_ folder: TemporaryFolder) throws -> () throws -> Void {
        let file = try folder.write("", to: "trouble")
        return { try FileManager.default.removeItem(at: file) }
    }

    /// Writes a file for as long as there is space.
    private static func fill(_ file: URL) throws {
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        // Small pieces at last, so that not a page is left.
        for byteCount in [1 << 20, 4096] {
            while (try? handle.write(contentsOf: Data(count: byteCount))) != nil {}
        }
    }

    /// Lets clients post, brings trouble for some seconds, and waits until an item is acknowledged
    /// again.
    private static func trouble(
        _ name: String, _ served: ServedData, begin: () throws -> () throws -> Void
    ) async throws -> Outcome {
        let load = PortalLoad(photo: try Photo.box)
        let client = LoadClient(served)
        async let posting: Void = load.run(client, clientCount: clientCount, name: name)
        try await wait { load.acknowledgedCount >= 3 }
        let end = try begin()
        let began = ContinuousClock.now
        try await Task.sleep(for: .seconds(seconds))
        try await wait {
            load.events.contains { $0.ended > began && (name == "slow" || $0.status >= 503) }
        }
        let ended = ContinuousClock.now
        try end()
        try await wait {
            load.events.contains { $0.status < 300 && $0.begun > ended }
        }
        let recovery = ended.duration(to: .now)
        load.end()
        await posting
        return Outcome(
            trouble: name, during: load.events.filter { $0.begun > began && $0.ended < ended },
            recovery: recovery, load: load)
    }

    private static func wait(until isMet: () -> Bool) async throws {
        for _ in 0..<6_000 where !isMet() { try await Task.sleep(for: .milliseconds(10)) }
        try #require(isMet(), "it did not come within 60 s")
    }

    private static func check(
        _ outcome: Outcome, _ served: ServedData, refusals: Set<String>,
        mayAcknowledge: Bool = false
    ) async throws {
        let about = "\(outcome.trouble): \(outcome.load.summary)"
        for event in outcome.during {
            let isRefused =
                [503, 507].contains(event.status) && refusals.contains(event.code ?? "")
            let isLater = [409, 429].contains(event.status)
            #expect(
                isRefused || isLater || (mayAcknowledge && event.status < 300),
                "\(event.status) \(event.code ?? "") during \(about)")
        }
        let known: Set = [201, 202, 409, 429, 503, 507]
        #expect(outcome.load.events.allSatisfy { known.contains($0.status) }, "\(about)")
        #expect(outcome.load.cutCount == 0, "\(about)")
        try await outcome.load.check(LoadClient(served), all: true)
        try await outcome.load.checkStopped(served)
        let text =
            "\(about), \(outcome.during.count) answers meanwhile, next item after "
            + outcome.recovery.formatted(
                .units(allowed: [.seconds], fractionalPart: .show(length: 2)))
        print("record unavailable: \(text), 0 lost, 0 doubled")
        let missed = outcome.recovery > .seconds(10) ? ["recovery within 10 s"] : []
        #expect(!Stress.isLong || missed.isEmpty, "\(text)")
    }
}

/// The lock under which SQLite writes to a database in WAL mode, held by this process.
///
/// It is byte 120 of the `-shm` file: https://www.sqlite.org/walformat.html, "WAL_WRITE_LOCK".
private struct WriteLock {
    private let file: FileHandle

    /// Waits for it.
    init(of served: ServedData) throws {
        let path = served.folder.file("data").appending(path: "regrade.sqlite-shm")
        file = try FileHandle(forUpdating: path)
        try set(Int16(F_WRLCK))
    }

    func end() {
        // Closing the file gives the lock back in any case.
        try? set(Int16(F_UNLCK))
        try? file.close()
    }

    private func set(_ type: Int16) throws {
        var lock = flock()
        lock.l_type = type
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = 120
        lock.l_len = 1
        // The structure lives for the call.
        let status = unsafe fcntl(file.fileDescriptor, F_SETLKW, &lock)
        guard status == 0 else { throw CocoaError(.fileLocking) }
    }
}
