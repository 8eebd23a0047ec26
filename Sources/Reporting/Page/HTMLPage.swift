/// One self-contained page: no script, nothing loaded from anywhere, pictures as data URIs.
///
/// The policy that the page carries forbids everything else, so that a page opened years later, or
/// one into which somebody smuggled markup, still loads and runs nothing.
///
/// - SeeAlso: Content Security Policy Level 3, sections 3.3 (meta element) and 2.3.1 (hashes).
public struct HTMLPage: Sendable {
    /// What the window is called.
    public let title: String
    /// The language of the page's words, BCP 47.
    public let language: String
    /// What stands in it.
    public let body: HTML

    /// Creates a page.
    public init(title: String, language: String = "en", body: HTML) {
        self.title = title
        self.language = language
        self.body = body
    }

    /// The text of the style element, for the caller to hash.
    public static let style = PageStyle.text

    /// The page as text.
    ///
    /// - Parameter styleHash: The base 64 of SHA-256 of ``style``, by which the page's policy
    ///   admits that one style and no other.
    public func text(styleHash: String) -> String {
        let policy =
            "default-src 'none'; style-src 'sha256-\(styleHash)'; img-src data:; "
            + "base-uri 'none'; form-action 'none'"
        return """
            <!DOCTYPE html>
            <html lang="\(HTML.escaped(language))">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(HTML.escaped(policy))">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="color-scheme" content="light dark">
            <title>\(HTML.escaped(title))</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <main>
            \(body.description)
            </main>
            </body>
            </html>

            """
    }
}
