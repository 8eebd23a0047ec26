/// One line of text with a cursor.
package struct LineEditor: Hashable, Sendable {
    /// The characters.
    private(set) var characters: [Character]
    /// Where the next character goes, 0…count.
    private(set) var cursor: Int
    /// The most bytes of UTF-8.
    let byteCountLimit: Int

    /// Starts with a text, the cursor behind it.
    package init(_ text: String, byteCountLimit: Int) {
        characters = Array(text)
        cursor = characters.count
        self.byteCountLimit = byteCountLimit
    }

    /// The text.
    package var text: String { String(characters) }

    /// Inserts text at the cursor; line feeds and controls become spaces or go.
    ///
    /// - Returns: False if something was left out because the line is full.
    @discardableResult
    package mutating func insert(_ text: String) -> Bool {
        var byteCount = self.text.utf8.count
        for character in text {
            let isSpace = character.isNewline || character == "\t"
            let kept: Character = isSpace ? " " : character
            let isControl = kept.unicodeScalars.contains { scalar in
                scalar.properties.generalCategory == .control
            }
            if isControl { continue }
            byteCount += kept.utf8.count
            guard byteCount <= byteCountLimit else { return false }
            characters.insert(kept, at: cursor)
            cursor += 1
        }
        // A combining mark typed after its letter joins it into one character.
        let before = String(characters[..<cursor])
        if before.count != cursor {
            characters = Array(before) + characters[cursor...]
            cursor = before.count
        }
        return true
    }

    /// Obeys an editing key; false for keys that edit nothing.
    package mutating func edit(_ key: Key) -> Bool {
        switch key {
        case .backspace: if cursor > 0 { remove(at: cursor - 1) }
        case .delete, .control("d"): if cursor < characters.count { characters.remove(at: cursor) }
        case .left, .control("b"): cursor = max(cursor - 1, 0)
        case .right, .control("f"): cursor = min(cursor + 1, characters.count)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = characters.count
        case .control("u"):
            characters.removeFirst(cursor)
            cursor = 0
        case .control("k"): characters.removeLast(characters.count - cursor)
        case .control("w"): removeWord()
        default: return false
        }
        return true
    }

    private mutating func remove(at index: Int) {
        characters.remove(at: index)
        cursor = index
    }

    private mutating func removeWord() {
        while cursor > 0, characters[cursor - 1] == " " { remove(at: cursor - 1) }
        while cursor > 0, characters[cursor - 1] != " " { remove(at: cursor - 1) }
    }

    /// What of the line a window of `width` columns shows, and the cursor's column in it.
    package func window(width: Int) -> (glyphs: [Glyph], cursorColumn: Int) {
        var before = DisplayText.glyphs(of: String(characters[..<cursor]))
        while before.width > width - 1, !before.isEmpty { before.removeFirst() }
        let column = before.width
        var shown = before
        for glyph in DisplayText.glyphs(of: String(characters[cursor...])) {
            guard shown.width + glyph.width <= width else { break }
            shown.append(glyph)
        }
        return (shown, column)
    }
}
