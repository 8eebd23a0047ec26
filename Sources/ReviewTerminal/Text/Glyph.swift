/// What stands in one cell of the screen, or in two: a visible character with its accents.
package struct Glyph: Hashable, Sendable {
    /// One base character and at most ``markCountLimit`` combining marks; no control character.
    package let text: String
    /// Columns taken: 1 or 2.
    package let width: Int

    /// More marks than this on one character are no language's but a way to paint over lines.
    package static let markCountLimit = 2

    init(text: String, width: Int) {
        self.text = text
        self.width = width
    }
}

/// Text of others made fit for a terminal.
///
/// Order data and statements come from strangers. A terminal obeys control characters, so none may
/// reach it: escape sequences could move the cursor, change the title, answer for the reviewer or
/// write to the clipboard (CWE-150). What is invisible but changes how the rest is read,
/// directional overrides and tags, is shown as U+FFFD.
package enum DisplayText {
    /// The glyphs of a text, in order; a line feed or tab is a space.
    package static func glyphs(of text: String) -> [Glyph] {
        var glyphs: [Glyph] = []
        var base: (text: String, width: Int, marks: Int)?
        func finish() {
            if let base { glyphs.append(Glyph(text: base.text, width: base.width)) }
            base = nil
        }
        for scalar in text.unicodeScalars {
            switch kind(of: scalar) {
            case .mark:
                guard let last = base, last.marks < Glyph.markCountLimit else { continue }
                base = (last.text + String(scalar), last.width, last.marks + 1)
            case .dropped: continue
            case .shown(let shown):
                finish()
                base = (String(shown), width(of: shown), 0)
            }
        }
        finish()
        return glyphs
    }

    /// The text itself where it is harmless, and what is shown instead elsewhere; one line.
    package static func safe(_ text: String) -> String {
        glyphs(of: text).map(\.text).joined()
    }

    private enum Kind {
        case shown(Unicode.Scalar)
        case mark
        case dropped
    }

    private static let replacement: Unicode.Scalar = "\u{FFFD}"

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: return .shown(" ")
        case 0..<0x20: return .shown(Unicode.Scalar(0x2400 + scalar.value) ?? replacement)
        case 0x7F: return .shown("\u{2421}")
        case 0x20..<0x7F: return .shown(scalar)
        // Joins, variation selectors and soft hyphens only change how wide a terminal draws.
        case 0xAD, 0x200B...0x200D, 0x2060...0x2064, 0xFEFF, 0xFE00...0xFE0F: return .dropped
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return .mark
        case .control, .format, .surrogate, .privateUse, .unassigned: return .shown(replacement)
        case .lineSeparator, .paragraphSeparator, .spaceSeparator: return .shown(" ")
        default: return .shown(scalar)
        }
    }

    /// Columns of a visible character, 1 or 2.
    ///
    /// - SeeAlso: Unicode Standard Annex 11, East Asian Width: classes W and F, from a table of
    ///   blocks; emoji by their own property.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x1100 { return 1 }
        if scalar.properties.isEmojiPresentation { return 2 }
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF,
        0x20000...0x3FFFD,
    ]
}

extension [Glyph] {
    /// Columns taken together.
    package var width: Int { reduce(0) { $0 + $1.width } }
}
