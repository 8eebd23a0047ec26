internal import COpenBLAS
internal import Dispatch
internal import Synchronization

/// The linked library for matrix products: how it works here, and whether it can be trusted.
public enum OpenBLAS {
    /// How the library divides work among threads, by its own account.
    public enum Threading: Int32, Sendable {
        /// Built without threads. Seen to compute wrong results when called from several threads.
        case none = 0
        /// POSIX threads: the build that the engine needs.
        case posix = 1
        /// OpenMP: correct, but many times slower when called from threads of our own.
        case openMP = 2
    }

    /// Before the first product: one thread per call, as workers run side by side.
    private static let initialized: Void = openblas_set_num_threads(1)

    /// The library's threading model, or nil for one that did not exist when this was written.
    public static var threading: Threading? { Threading(rawValue: openblas_get_parallel()) }

    /// The name of the processor whose kernels were chosen, as `SkylakeX`.
    public static var coreName: String {
        // A constant string that the library owns.
        unsafe openblas_get_corename().map { unsafe String(cString: $0) } ?? "unknown"
    }

    /// The version and build options, as `OpenBLAS 0.3.21 DYNAMIC_ARCH …`.
    public static var configuration: String {
        // A constant string that the library owns.
        unsafe openblas_get_config().map { unsafe String(cString: $0) } ?? "unknown"
    }

    /// Threads that one product is divided among, at least 1; 1 unless set otherwise.
    ///
    /// Applies to the whole process. Set it before sessions run, not while they do.
    public static var threadCount: Int {
        get {
            prepare()
            return Int(openblas_get_num_threads())
        }
        set {
            prepare()
            openblas_set_num_threads(Int32(clamping: max(1, newValue)))
        }
    }

    /// Sets the default number of threads once.
    static func prepare() {
        _ = initialized
    }

    /// Refuses builds that are unsafe for several threads.
    ///
    /// - Throws: ``ModelError/unusableLinearAlgebra(reason:)``.
    public static func checkThreading() throws(ModelError) {
        guard threading == .posix else {
            let found = threading.map { "\($0)" } ?? "number \(openblas_get_parallel())"
            throw .unusableLinearAlgebra(
                reason: "its threading model is \(found), needed is POSIX threads")
        }
    }

    /// Multiplies matrices on several threads at once and compares with one thread's results.
    ///
    /// Blocks for some tens of milliseconds with the defaults.
    ///
    /// - Parameters:
    ///   - threads: At least 2 to show anything.
    ///   - rounds: Products per thread and matrix size.
    /// - Throws: ``ModelError/unusableLinearAlgebra(reason:)`` if any product differs in any bit.
    public static func checkConcurrentProducts(
        threads: Int = 4, rounds: Int = 50
    ) throws(ModelError) {
        prepare()
        let problems = [(16, 200, 27), (96, 49, 64), (64, 784, 144)].map {
            SelfTest(rows: $0.0, columns: $0.1, depth: $0.2)
        }
        let expected = problems.map { $0.product() }
        let wrongCount = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
            for _ in 0..<rounds {
                for (problem, answer) in zip(problems, expected) where problem.product() != answer {
                    wrongCount.add(1, ordering: .relaxed)
                }
            }
        }
        let count = wrongCount.load(ordering: .relaxed)
        guard count == 0 else {
            throw .unusableLinearAlgebra(
                reason: "\(count) of \(threads * rounds * problems.count) concurrent products "
                    + "are wrong")
        }
    }

    /// A product of matrices of small whole numbers.
    private struct SelfTest: Sendable {
        let rows: Int
        let columns: Int
        let depth: Int

        func product() -> [Float] {
            let a = (0..<rows * depth).map { Float($0 * 7 % 23) - 11 }
            let b = (0..<depth * columns).map { Float($0 * 5 % 19) - 9 }
            var c = [Float](repeating: 0, count: rows * columns)
            // The arrays have exactly the sizes that are passed.
            unsafe cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns),
                blasint(depth), 1, a, blasint(depth), b, blasint(columns), 0, &c,
                blasint(columns))
            return c
        }
    }
}
