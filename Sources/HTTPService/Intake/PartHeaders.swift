/// What the headers of a multipart part say, as far as it matters: the field's name.
///
/// File names and types are not kept: magic bytes decide what a photo is, and no path is ever made
/// from what a client sent.
package struct PartHeaders: Equatable {
    /// The name of the form field.
    package let name: String

    /// Reads the lines between a delimiter and the blank line.
    ///
    /// - Throws: ``MultipartError``.
    package init(_ text: String) throws(MultipartError) {
        var name: String?
        for line in text.split(separator: "\r\n", omittingEmptySubsequences: true) {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex,
                !line.contains("\u{FFFD}"), line.first != " ", line.first != "\t"
            else { throw .malformedHeader }
            guard line[..<colon].lowercased() == "content-disposition" else { continue }
            let value = HeaderValue(String(line[line.index(after: colon)...]))
            guard name == nil, value.word == "form-data", let stated = value.parameters["name"]
            else { throw .partWithoutName }
            name = stated
        }
        guard let name, !name.isEmpty else { throw .partWithoutName }
        self.name = name
    }
}

/// A header's value of the form `word; name=value; name="quoted value"`.
///
/// - SeeAlso: RFC 9110, 5.6.6.
struct HeaderValue {
    /// What stands before the first semicolon, in lower case.
    let word: String
    /// The parameters by their names in lower case; the first of a name counts.
    let parameters: [String: String]

    init(_ text: String) {
        var rest = Substring(text)
        word = String(rest.prefix { $0 != ";" }).trimmed.lowercased()
        rest = rest.drop { $0 != ";" }
        var found: [String: String] = [:]
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" || $0 == ";" }
            let name = String(rest.prefix { $0 != "=" && $0 != ";" }).trimmed.lowercased()
            rest = rest.drop { $0 != "=" && $0 != ";" }
            guard rest.first == "=" else { continue }
            let value = Self.value(&rest)
            if !name.isEmpty, found[name] == nil { found[name] = value }
        }
        parameters = found
    }

    /// Reads a token or a quoted string after an equals sign, up to the next semicolon.
    private static func value(_ rest: inout Substring) -> String {
        rest = rest.dropFirst().drop { $0 == " " }
        guard rest.first == "\"" else {
            defer { rest = rest.drop { $0 != ";" } }
            return String(rest.prefix { $0 != ";" }).trimmed
        }
        rest = rest.dropFirst()
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", let escaped = rest.popFirst() {
                value.append(escaped)
            } else {
                value.append(character)
            }
        }
        rest = rest.drop { $0 != ";" }
        return value
    }
}

extension String {
    /// The text without blanks at its ends.
    var trimmed: String {
        String(
            drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }
                .reversed())
    }
}
