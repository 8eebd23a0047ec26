import Synchronization

/// How many bytes of bodies all requests together hold; bounds the service's memory.
package final class BodyMemory: Sendable {
    private let held = Mutex(0)
    private let byteCountLimit: Int

    package init(byteCountLimit: Int) {
        self.byteCountLimit = byteCountLimit
    }

    /// Bytes held at the moment.
    package var byteCount: Int { held.withLock { $0 } }

    /// Bytes of one request; given back when nobody holds it any more.
    package final class Share: Sendable {
        private let memory: BodyMemory
        private let taken = Mutex(0)

        fileprivate init(_ memory: BodyMemory) { self.memory = memory }

        deinit {
            let count = taken.withLock { $0 }
            memory.held.withLock { $0 -= count }
        }

        /// Takes more bytes.
        ///
        /// - Throws: ``Problem`` with `overloaded` if others hold too many.
        package func take(_ count: Int) throws(Problem) {
            let isGranted = memory.held.withLock { held in
                guard held + count <= memory.byteCountLimit else { return false }
                held += count
                return true
            }
            guard isGranted else {
                throw Problem(
                    .overloaded, "uploads under way hold all of bodyMemoryByteCountLimit")
            }
            taken.withLock { $0 += count }
        }
    }

    /// A share for one request, empty at first.
    package func share() -> Share { Share(self) }
}
