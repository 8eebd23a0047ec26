import Dispatch
import Foundation
import Imaging
import ReviewTerminal
import Synchronization

/// The terminal at stdin and stdout: raw input, the alternate screen, its size.
///
/// `@unchecked Sendable` because the attributes found at the beginning never change and everything
/// else lies behind a lock or on one queue.
final class TerminalDevice: @unchecked Sendable {
    private let original: termios
    private let isEntered = Mutex(false)

    /// Looks at the terminal; nil if stdin or stdout is none, or it cannot place text.
    init?(environment: [String: String]) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1,
            let name = environment["TERM"], !name.isEmpty, name != "dumb"
        else { return nil }
        var attributes = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &attributes) == 0 else { return nil }
        original = attributes
    }

    /// Alternate screen, bracketed paste, no line wrap.
    private static let entering = "\u{1B}[?1049h\u{1B}[?2004h\u{1B}[?7l\u{1B}[2J"
    /// Everything back: colours, wrap, paste, cursor, the screen as it was.
    private static let leaving =
        KittyGraphics.deletion + "\u{1B}[0m\u{1B}[?7h\u{1B}[?2004l\u{1B}[?25h\u{1B}[?1049l"

    /// Takes the terminal over, or again after a shell had it.
    ///
    /// - SeeAlso: `termios(3)`, `cfmakeraw`; output processing stays off too, so that bytes arrive
    ///   as they are written.
    func enter() {
        isEntered.withLock { isEntered in
            var raw = original
            unsafe cfmakeraw(&raw)
            _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &raw)
            Self.write(Array(Self.entering.utf8))
            isEntered = true
        }
    }

    /// Gives the terminal back as it was; does nothing the second time.
    func leave() {
        isEntered.withLock { isEntered in
            guard isEntered else { return }
            Self.write(Array(Self.leaving.utf8))
            var attributes = original
            // At once: on a line that is hung up, waiting until everything is read takes half a
            // minute. What was typed ahead is not the shell's.
            tcflush(STDIN_FILENO, TCIFLUSH)
            _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &attributes)
            isEntered = false
        }
    }

    /// Columns, rows, and a cell in pixels where the terminal tells.
    func size() -> (cells: CellSize, pixels: PixelSize?) {
        var window = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0,
            window.ws_row > 0
        else { return (CellSize(columns: 80, rows: 24), nil) }
        let (columns, rows) = (Int(window.ws_col), Int(window.ws_row))
        let cell = PixelSize(
            width: Int(window.ws_xpixel) / columns, height: Int(window.ws_ypixel) / rows)
        let isKnown = cell.width > 1 && cell.height > 1
        return (CellSize(columns: columns, rows: rows), isKnown ? cell : nil)
    }

    /// Writes all bytes; gives up when the terminal is gone.
    static func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Foundation.write(STDOUT_FILENO, buffer.baseAddress, buffer.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR, errno != EAGAIN {
                return
            }
        }
    }

    /// What is typed, in pieces as they come; ends with the input (hang-up, end of file).
    func input() -> AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            let source = DispatchSource.makeReadSource(
                fileDescriptor: STDIN_FILENO, queue: DispatchQueue(label: "regrade.input"))
            source.setEventHandler {
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                    unsafe read(STDIN_FILENO, buffer.baseAddress, buffer.count)
                }
                if count > 0 {
                    continuation.yield(Array(bytes.prefix(count)))
                } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
                    source.cancel()
                    continuation.finish()
                }
            }
            source.resume()
        }
    }
}
