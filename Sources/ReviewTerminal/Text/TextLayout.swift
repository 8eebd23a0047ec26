/// Breaks text into lines of a width.
package enum TextLayout {
    /// The lines of a text, each at most `width` columns wide.
    ///
    /// Breaks at spaces where it can, inside words that are wider than a line, and at line feeds.
    ///
    /// - Parameter width: At least 2, so that every glyph fits.
    package static func lines(of text: String, width: Int) -> [[Glyph]] {
        precondition(width >= 2, "a line of \(width) columns holds no text")
        return text.split(omittingEmptySubsequences: false) { $0.isNewline }
            .flatMap { lines(ofParagraph: DisplayText.glyphs(of: String($0)), width: width) }
    }

    private static func lines(ofParagraph glyphs: [Glyph], width: Int) -> [[Glyph]] {
        var lines: [[Glyph]] = []
        var line: [Glyph] = []
        for word in glyphs.split(whereSeparator: { $0.text == " " }) {
            let needed = line.isEmpty ? word.width : line.width + 1 + Array(word).width
            if needed > width, !line.isEmpty {
                lines.append(line)
                line = []
            }
            if !line.isEmpty { line.append(Glyph(text: " ", width: 1)) }
            for glyph in word {
                if line.width + glyph.width > width {
                    lines.append(line)
                    line = []
                }
                line.append(glyph)
            }
        }
        lines.append(line)
        return lines
    }

    /// The beginning of a text that fits, with `…` where something is left out.
    package static func clipped(_ text: String, width: Int) -> [Glyph] {
        let glyphs = DisplayText.glyphs(of: text)
        guard glyphs.width > width else { return glyphs }
        var kept: [Glyph] = []
        for glyph in glyphs where kept.width + glyph.width < width { kept.append(glyph) }
        return width > 0 ? kept + [Glyph(text: "…", width: 1)] : []
    }
}

extension ArraySlice<Glyph> {
    fileprivate var width: Int { reduce(0) { $0 + $1.width } }
}
