import Synchronization

/// Keeps what is to be said once the screen is given back, each sentence once.
final class Warnings: Sendable {
    private let sentences = Mutex<[String]>([])

    /// Keeps a sentence.
    @Sendable func add(_ sentence: String) {
        sentences.withLock { if !$0.contains(sentence) { $0.append(sentence) } }
    }

    /// What was kept, in order.
    var all: [String] { sentences.withLock { $0 } }
}
