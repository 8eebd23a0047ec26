import Reporting
import Testing

struct HTMLTests {
    @Test(arguments: [
        ("plain.jpg", "plain.jpg"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\" onerror=\"x", "&quot; onerror=&quot;x"),
        ("' onload='x", "&#39; onload=&#39;x"),
        ("a & b &amp; c", "a &amp; b &amp;amp; c"),
        ("</title></style><img src=x>", "&lt;/title&gt;&lt;/style&gt;&lt;img src=x&gt;"),
        ("nul\u{0} bell\u{7} esc\u{1B}[31m", "nul\u{FFFD} bell\u{FFFD} esc\u{FFFD}[31m"),
        ("gpj.\u{202E}exe", "gpj.\u{FFFD}exe"),
        ("größe 写真 📷", "größe 写真 📷"),
    ])
    func textIsEscaped(text: String, expected: String) {
        let cell: HTML = "<td title=\"\(text)\">\(text)</td>"
        #expect(cell.description == "<td title=\"\(expected)\">\(expected)</td>")
        #expect(HTML(text: text).description == expected)
    }

    @Test func markupStaysMarkup() {
        let inner: HTML = "<b>\("1 < 2")</b>"
        let outer: HTML = "<p>\(inner) \(3)</p>"
        #expect(outer.description == "<p><b>1 &lt; 2</b> 3</p>")
    }

    @Test func aPageAllowsItsOwnStyleAndPicturesInIt() {
        let page = HTMLPage(title: "a < b", body: "<h1>x</h1>").text(styleHash: "HASH=")
        #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        #expect(page.contains("<title>a &lt; b</title>"))
        #expect(
            page.contains(
                "content=\"default-src &#39;none&#39;; style-src &#39;sha256-HASH=&#39;; "
                    + "img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;\""))
        #expect(page.contains("<style>\(HTMLPage.style)</style>"))
        // The policy admits no style attribute and no script, and nothing from elsewhere.
        for forbidden in [" style=", "<script", "http:", "https:", "@import", "url("] {
            #expect(!page.contains(forbidden), "\(forbidden)")
        }
    }
}
