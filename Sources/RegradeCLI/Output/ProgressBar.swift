import Foundation
import Workflow

/// How a long command shows where it is.
enum ProgressStyle: String, CaseIterable, Sendable {
    /// A bar on a terminal, nothing elsewhere.
    case auto
    /// A line every few seconds.
    case plain
    /// Nothing.
    case none
}

/// Draws the progress of a batch with its rate and the time left.
final class ProgressBar: Sendable {
    private let terminal: Terminal
    private let style: ProgressStyle

    init(style: ProgressStyle, terminal: Terminal = .standard) {
        self.terminal = terminal
        self.style = style == .auto && !terminal.showsProgress ? .none : style
    }

    /// How often it is redrawn; a bar lives, a line is read.
    var interval: Duration { style == .plain ? .seconds(5) : .milliseconds(200) }

    /// Draws one state.
    func show(_ progress: BatchProgress) {
        switch style {
        case .none: break
        case .plain: terminal.note(text(progress))
        case .auto:
            let bar = Figures.bar(progress.share, width: 24)
            terminal.draw("\r\u{1B}[2K[\(bar)] " + text(progress))
        }
    }

    /// Shows what is being done when no share of it is known, such as writing a file.
    func show(step: String) {
        switch style {
        case .none: break
        case .plain: terminal.note(step)
        case .auto: terminal.draw("\r\u{1B}[2K\(step) …")
        }
    }

    /// Leaves the line that a bar was drawn on.
    func finish() {
        if style == .auto { terminal.draw("\r\u{1B}[2K") }
    }

    private func text(_ progress: BatchProgress) -> String {
        var text = "\(progress.doneCount) of \(progress.totalCount) items"
        if progress.unreadableCount > 0 { text += ", \(progress.unreadableCount) unreadable" }
        if let rate = progress.itemsPerSecond { text += String(format: ", %.1f/s", rate) }
        if let left = progress.secondsLeft { text += ", \(Figures.duration(seconds: left)) left" }
        return text
    }
}
