import Glibc

/// How a pool's threads share the processor with the other threads of the process.
public enum WorkerPriority: Sendable {
    /// Like any other thread.
    case normal
    /// Behind the others: a service whose every core is busy with photos still answers at once what
    /// costs it nothing, such as `/livez` and refusals.
    case givesWay

    /// How many steps nicer than the process's: a third of the weight of an ordinary thread.
    private static let step: Int32 = 5

    /// Makes the calling thread as nice as this says.
    ///
    /// POSIX has one niceness for a process; Linux has one for each thread, and the calling
    /// thread's is meant by process 0 (setpriority(2), "C library/kernel differences"). A system
    /// that refuses changes nothing but how long others wait, so that is no failure.
    func applyToThisThread() {
        guard self == .givesWay else { return }
        let process = __priority_which_t(PRIO_PROCESS.rawValue)
        let current = getpriority(process, 0)
        _ = setpriority(process, 0, current + Self.step)
    }
}
