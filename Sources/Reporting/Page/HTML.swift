/// A piece of HTML that cannot hold text which was not escaped.
///
/// Literals are markup; whatever is put in with `\( )` is text and escaped, unless it is ``HTML``
/// itself: `let cell: HTML = "<td>\(fileName)</td>"`.
///
/// Escaping covers text between tags and attribute values in double or single quotes, which is
/// where it is used here; never put text into a tag's name, a script, a style or a URL.
///
/// - SeeAlso: HTML Standard, 13.1.2.3 and 13.3 (escaping a string).
public struct HTML: Hashable, Sendable, CustomStringConvertible {
    /// The markup.
    public private(set) var description: String

    /// Nothing.
    public init() { description = "" }

    /// Text, escaped.
    public init(text: String) { description = Self.escaped(text) }

    /// Pieces in a row.
    public init(_ pieces: [HTML]) { description = pieces.map(\.description).joined() }

    private init(markup: String) { description = markup }

    /// One piece after another.
    public static func + (left: HTML, right: HTML) -> HTML {
        HTML(markup: left.description + right.description)
    }

    /// Adds a piece.
    public static func += (left: inout HTML, right: HTML) {
        left.description += right.description
    }

    /// The text with `& < > " '` written as references, and control characters that HTML forbids as
    /// U+FFFD.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\t", "\n": escaped.unicodeScalars.append(scalar)
            // Marks that turn the direction of text could make a file's name look like another.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}",
                "\u{2066}"..."\u{2069}", "\u{FFFE}"..."\u{FFFF}":
                escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension HTML: ExpressibleByStringInterpolation {
    /// Builds markup from a literal and escapes what is put in.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        /// Starts with nothing.
        public init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        /// Markup.
        public mutating func appendLiteral(_ literal: String) { markup += literal }

        /// Text, escaped.
        public mutating func appendInterpolation(_ text: some StringProtocol) {
            markup += HTML.escaped(String(text))
        }

        /// A whole number.
        public mutating func appendInterpolation(_ number: Int) { markup += String(number) }

        /// Markup that was built before.
        public mutating func appendInterpolation(_ html: HTML) { markup += html.description }
    }

    /// Markup from a literal.
    public init(stringLiteral value: String) { self.init(markup: value) }

    /// Markup from a literal with text in it.
    public init(stringInterpolation: StringInterpolation) {
        self.init(markup: stringInterpolation.markup)
    }
}
