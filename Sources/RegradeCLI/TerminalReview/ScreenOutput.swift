import Dispatch
import Foundation
import ReviewTerminal
import Synchronization

/// Writes frames on a thread of its own, one write a frame; a slow line skips to the newest.
final class ScreenOutput: Sendable {
    private struct State {
        var writer: FrameWriter
        var newest: Frame?
        /// Told when the newest frame is on the screen.
        var whenShown: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "regrade.screen")

    init(depth: ColorDepth) {
        state = Mutex(State(writer: FrameWriter(depth: depth)))
    }

    /// Shows a frame soon.
    ///
    /// - Parameter whenShown: Called once it, or a newer one, was written.
    func show(_ frame: Frame, whenShown: (@Sendable () -> Void)? = nil) {
        state.withLock {
            $0.newest = frame
            if let whenShown { $0.whenShown.append(whenShown) }
        }
        queue.async { self.writeNewest() }
    }

    /// Draws the next frame whole.
    func forget() {
        state.withLock { $0.writer.forget() }
    }

    /// Waits for what is being written; nothing is written afterwards until ``reopen()``.
    func close() {
        queue.sync { state.withLock { $0.isClosed = true } }
    }

    /// Writes again.
    func reopen() {
        state.withLock {
            $0.isClosed = false
            $0.writer.forget()
        }
    }

    private func writeNewest() {
        let (bytes, whenShown) = state.withLock { state -> ([UInt8], [@Sendable () -> Void]) in
            guard let frame = state.newest, !state.isClosed else { return ([], []) }
            let whenShown = state.whenShown
            state.newest = nil
            state.whenShown = []
            return (state.writer.bytes(for: frame), whenShown)
        }
        TerminalDevice.write(bytes)
        whenShown.forEach { $0() }
    }
}
