import Foundation

/// How much memory this process holds.
enum ProcessMemory {
    /// The largest resident set so far, in bytes (`VmHWM` of proc(5)); 0 where it is not told.
    static var peakByteCount: Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return 0 }
        return kibibytes * 1024
    }
}
