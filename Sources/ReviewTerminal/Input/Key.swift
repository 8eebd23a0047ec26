/// One key as a terminal reports it.
package enum Key: Hashable, Sendable {
    /// A printable character, as typed: `r`, `R`, `é`, a space.
    case character(Character)
    /// Ctrl with a letter, in lower case.
    case control(Character)
    /// Enter.
    case enter
    /// Escape alone.
    case escape
    /// The key that deletes backwards.
    case backspace
    /// The key that deletes forwards.
    case delete
    /// Tab.
    case tab
    /// An arrow.
    case up
    /// An arrow.
    case down
    /// An arrow.
    case left
    /// An arrow.
    case right
    /// Home.
    case home
    /// End.
    case end
    /// Page up.
    case pageUp
    /// Page down.
    case pageDown
}

extension Key: CustomStringConvertible {
    /// The name as help shows it and settings state it.
    package var description: String {
        switch self {
        case .character(" "): "space"
        case .character(let character): String(character)
        case .control(let letter): "ctrl-\(letter)"
        case .enter: "enter"
        case .escape: "escape"
        case .backspace: "backspace"
        case .delete: "delete"
        case .tab: "tab"
        case .up: "up"
        case .down: "down"
        case .left: "left"
        case .right: "right"
        case .home: "home"
        case .end: "end"
        case .pageUp: "pageup"
        case .pageDown: "pagedown"
        }
    }

    /// The key of a name; nil for anything that names none.
    package init?(name: String) {
        let named: [Key] = [
            .enter, .escape, .backspace, .delete, .tab, .up, .down, .left, .right, .home, .end,
            .pageUp, .pageDown, .character(" "),
        ]
        if let key = named.first(where: { $0.description == name }) {
            self = key
        } else if name.count == 6, name.hasPrefix("ctrl-"), let letter = name.last,
            letter.isASCII, letter.isLowercase
        {
            self = .control(letter)
        } else if name.count == 1, let character = name.first,
            DisplayText.safe(name) == name, !character.isWhitespace
        {
            self = .character(character)
        } else {
            return nil
        }
    }
}

/// What a terminal sends.
package enum TerminalInput: Hashable, Sendable {
    /// A key.
    case key(Key)
    /// Text that was pasted, between the marks of bracketed paste.
    case pasted(String)
    /// The answer to a question about Kitty's graphics protocol: whether it was `OK`.
    case graphicsAnswer(isOK: Bool)
    /// The answer to the question which terminal this is (primary device attributes).
    case deviceAttributes
}
