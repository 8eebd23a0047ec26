import Foundation
public import ReturnsDomain

/// The clocks the store reads; passed in so that tests can move them.
///
/// Wall time goes into documents. Leases end on a clock that never steps, counted from the start of
/// the machine; a lease given before the last start has ended, whatever the wall clock says.
public struct StoreClock: Sendable {
    /// The present moment for documents.
    public let now: @Sendable () -> Timestamp
    /// Nanoseconds since the machine started, sleep included; never goes backwards.
    public let nanosecondsSinceBoot: @Sendable () -> Int64
    /// Names the machine's present start; another name means another start.
    public let bootID: String

    /// Creates clocks.
    public init(
        now: @escaping @Sendable () -> Timestamp,
        nanosecondsSinceBoot: @escaping @Sendable () -> Int64, bootID: String
    ) {
        self.now = now
        self.nanosecondsSinceBoot = nanosecondsSinceBoot
        self.bootID = bootID
    }

    /// The system's clocks.
    ///
    /// - SeeAlso: `clock_gettime(2)`, CLOCK_BOOTTIME; `random(4)`, boot_id.
    public static let system = StoreClock(
        now: { .now },
        nanosecondsSinceBoot: { Int64(clamping: nanoseconds(of: CLOCK_BOOTTIME)) },
        bootID: systemBootID())
}

private func nanoseconds(of clock: clockid_t) -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The kernel's name for this start; where there is none, a name that no other process has, so that
/// leases of other processes count as ended rather than as held.
private func systemBootID() -> String {
    let file = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    return file?.trimmingCharacters(in: .whitespacesAndNewlines) ?? UUID().uuidString
}
