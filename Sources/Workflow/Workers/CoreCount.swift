import Foundation

/// How many cores this process may use.
///
/// More threads than cores only fight for them, and a container's quota is not what the machine
/// has: the least of the affinity mask and the cgroup's quota counts.
public enum CoreCount {
    /// The cores granted, at least 1.
    public static var granted: Int {
        let visible = ProcessInfo.processInfo.activeProcessorCount
        let quota = (try? String(contentsOfFile: "/sys/fs/cgroup/cpu.max", encoding: .utf8))
            .flatMap(quota(fromCPUMax:))
        return max(1, min(visible, quota ?? visible))
    }

    /// Reads a cgroup v2 quota: `max 100000` is none, `150000 100000` is one and a half cores.
    ///
    /// - Parameter text: The content of `cpu.max`.
    /// - Returns: Whole cores, rounded up; nil if there is no quota.
    /// - SeeAlso: Linux `Documentation/admin-guide/cgroup-v2.rst`, "cpu.max".
    public static func quota(fromCPUMax text: String) -> Int? {
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let quota = Double(parts[0]), let period = Double(parts[1]),
            quota > 0, period > 0
        else { return nil }
        return max(1, Int((quota / period).rounded(.up)))
    }
}
