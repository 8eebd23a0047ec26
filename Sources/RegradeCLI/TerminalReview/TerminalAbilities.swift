import ArgumentParser
import Foundation
import Imaging
import ReviewTerminal

/// How pictures are shown, as the reviewer may state it.
enum PictureChoice: String, CaseIterable, ExpressibleByArgument {
    /// Kitty's protocol if the terminal answers for it, half blocks otherwise.
    case auto
    /// Kitty's protocol.
    case kitty
    /// Half blocks.
    case blocks
    /// No pictures.
    case none
}

/// What a terminal can show, from its name and the environment.
struct TerminalAbilities {
    let depth: ColorDepth
    /// Whether it may be asked about graphics: a multiplexer swallows pictures or misplaces them.
    let mayHaveGraphics: Bool

    /// - SeeAlso: no-color.org; `COLORTERM` as terminals set it; terminfo names.
    init(environment: [String: String]) {
        let name = environment["TERM", default: ""]
        let colors = environment["COLORTERM", default: ""]
        let isFull =
            ["truecolor", "24bit"].contains(colors) || name.hasSuffix("-direct")
            || ["kitty", "ghostty", "foot", "alacritty", "wezterm"].contains { name.contains($0) }
        if !environment["NO_COLOR", default: ""].isEmpty {
            depth = .none
        } else if isFull {
            depth = .full
        } else if name.contains("256color") || ["screen", "tmux"].contains(where: name.hasPrefix) {
            depth = .palette
        } else {
            depth = name.hasPrefix("vt") ? .none : .eight
        }
        let isMultiplexed =
            !environment["TMUX", default: ""].isEmpty || !environment["STY", default: ""].isEmpty
            || ["screen", "tmux"].contains(where: name.hasPrefix)
        mayHaveGraphics = !isMultiplexed && name != "linux"
    }

    /// How pictures are shown.
    ///
    /// - Parameters:
    ///   - answered: Whether the terminal said that it knows Kitty's protocol.
    ///   - cell: One cell in pixels; a usual one if the terminal does not tell.
    func pictures(
        _ choice: PictureChoice, answered: Bool, cell: PixelSize?
    ) -> PictureProtocol {
        let kitty = PictureProtocol.kitty(cell: cell ?? PixelSize(width: 10, height: 20))
        let blocks: PictureProtocol =
            depth == .full || depth == .palette ? .halfBlocks : PictureProtocol.none
        switch choice {
        case .auto: return answered ? kitty : blocks
        case .kitty: return kitty
        case .blocks: return blocks
        case .none: return .none
        }
    }
}
