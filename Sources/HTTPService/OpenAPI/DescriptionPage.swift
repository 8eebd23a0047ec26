import Crypto
import Foundation
import Reporting

/// The service's description for people: one page made from `openapi.json`, with nothing loaded
/// from anywhere.
struct DescriptionPage {
    private let document: JSONDocument

    /// - Parameter document: OpenAPI 3.1; what this page does not know is left out.
    init(_ document: JSONDocument) {
        self.document = document
    }

    /// The base 64 of SHA-256 of the page's style, by which policies admit it.
    static let styleHash = Data(SHA256.hash(data: Data(HTMLPage.style.utf8))).base64EncodedString()

    /// The page.
    var text: String {
        let info = document["info"]
        let title = info?["title"]?.string ?? ""
        var body: HTML = """
            <h1>\(title) \(info?["version"]?.string ?? "")</h1>
            <p>\(info?["summary"]?.string ?? "") The same for programs: \
            <a href="/v1/openapi.json">openapi.json</a>.</p>
            <h2>Operations</h2><ul>\(contents)</ul>
            """
        for (path, method, operation) in operations { body += section(path, method, operation) }
        body += "<h2>Schemas</h2>"
        for schema in document["components"]?["schemas"]?.members ?? [] {
            body += """
                <h3 id="schema-\(schema.name)">\(schema.name)</h3>
                <pre>\(schema.value.indented())</pre>
                """
        }
        return HTMLPage(title: "\(title): the HTTP interface", body: body)
            .text(styleHash: Self.styleHash)
    }

    private var operations: [(path: String, method: String, operation: JSONDocument)] {
        (document["paths"]?.members ?? []).flatMap { path in
            path.value.members.map { (path.name, $0.name.uppercased(), $0.value) }
        }
    }

    private var contents: HTML {
        HTML(
            operations.map { path, method, operation in
                """
                <li><a href="#\(operation["operationId"]?.string ?? "")"><code>\(method) \(path)\
                </code></a> \(operation["summary"]?.string ?? "")</li>
                """
            })
    }

    private func section(_ path: String, _ method: String, _ operation: JSONDocument) -> HTML {
        let scopes = (operation["security"]?.elements ?? []).flatMap {
            $0["key"]?.elements.compactMap(\.string) ?? []
        }
        let sign: HTML = scopes.isEmpty ? "no key" : "key with scope \(scopes.joined())"
        return """
            <section id="\(operation["operationId"]?.string ?? "")">
            <h3><code>\(method) \(path)</code></h3>
            <p>\(operation["summary"]?.string ?? "") Needs \(sign).</p>
            \(parameters(operation))\(requestBody(operation))\(responses(operation))
            </section>
            """
    }

    private func parameters(_ operation: JSONDocument) -> HTML {
        let rows = (operation["parameters"]?.elements ?? []).map { parameter -> HTML in
            let isRequired = parameter["required"] == .bool(true)
            return """
                <tr><td><code>\(parameter["name"]?.string ?? "")</code></td>
                <td>\(parameter["in"]?.string ?? "")\(isRequired ? ", required" : "")</td>
                <td>\(parameter["description"]?.string ?? "")</td>
                <td><code>\(parameter["schema"]?.inline ?? "")</code></td></tr>
                """
        }
        guard !rows.isEmpty else { return HTML() }
        let head: HTML = "<tr><th>parameter</th><th>in</th><th></th><th>schema</th></tr>"
        return "<table>\(head)\(HTML(rows))</table>"
    }

    private func requestBody(_ operation: JSONDocument) -> HTML {
        HTML(
            (operation["requestBody"]?["content"]?.members ?? []).map { content in
                """
                <p>Body <code>\(content.name)</code>:</p>
                <pre>\(content.value["schema"]?.indented() ?? "")</pre>
                """
            })
    }

    private func responses(_ operation: JSONDocument) -> HTML {
        let rows = (operation["responses"]?.members ?? []).map { response -> HTML in
            let isProblem = response.value["$ref"] != nil
            let schema = response.value["content"]?.members.first?.value["schema"]?["$ref"]?.string
            let name = isProblem ? "Problem" : schema?.split(separator: "/").last.map(String.init)
            let link: HTML = name.map { "<a href=\"#schema-\($0)\">\($0)</a>" } ?? HTML()
            return """
                <tr><td>\(response.name)</td>
                <td>\(response.value["description"]?.string ?? "")</td><td>\(link)</td></tr>
                """
        }
        return "<table><tr><th>status</th><th></th><th>body</th></tr>\(HTML(rows))</table>"
    }
}

extension JSONDocument {
    /// The members of an object; none for anything else.
    var members: [Member] {
        if case .object(let members) = self { return members }
        return []
    }

    /// The elements of an array; none for anything else.
    var elements: [JSONDocument] {
        if case .array(let elements) = self { return elements }
        return []
    }

    /// The text of a string.
    var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// A member of an object.
    subscript(name: String) -> JSONDocument? { members.first { $0.name == name }?.value }

    /// On one line.
    var inline: String { written(separator: " ", end: "") }

    /// One member a line.
    func indented(by indent: String = "") -> String {
        written(separator: "\n" + indent + "  ", end: "\n" + indent, indent: indent + "  ")
    }

    private func written(separator: String, end: String, indent: String? = nil) -> String {
        func inner(_ value: JSONDocument) -> String {
            indent.map { value.indented(by: $0) } ?? value.inline
        }
        switch self {
        case .object([]): return "{}"
        case .object(let members):
            let lines = members.map { "\"\($0.name)\": \(inner($0.value))" }
            return "{\(separator)\(lines.joined(separator: "," + separator))\(end)}"
        case .array(let elements): return "[\(elements.map(\.inline).joined(separator: ", "))]"
        case .string(let text): return "\"\(text)\""
        case .number(let digits): return digits
        case .bool(let value): return value ? "true" : "false"
        case .null: return "null"
        }
    }
}
