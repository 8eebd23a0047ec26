import ReturnsDomain

extension ServiceRequest {
    /// The key that makes trying again safe.
    ///
    /// A structured-field string, `"…"`, or the bare word; both name the same key.
    ///
    /// - Throws: ``Problem`` with `idempotency_key_missing` or `idempotency_key_invalid`.
    /// - SeeAlso: IETF draft-ietf-httpapi-idempotency-key-header; RFC 9651, 3.3.3.
    func idempotencyKey(route: String) throws(Problem) -> RequestKey {
        guard let text = field("Idempotency-Key")?.trimmed, !text.isEmpty else {
            throw Problem(
                .idempotencyKeyMissing, "this needs the header Idempotency-Key, such as a UUID")
        }
        guard let key = Self.structuredString(text),
            (1...RequestKey.byteCountLimit).contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Problem(
                .idempotencyKeyInvalid,
                "the header Idempotency-Key is not 1 to "
                    + "\(RequestKey.byteCountLimit) visible ASCII characters")
        }
        return RequestKey(route: route, key: key)
    }

    /// The text inside quotes, or the text itself if it has none; nil for broken quoting.
    static func structuredString(_ text: String) -> String? {
        guard text.hasPrefix("\"") else { return text.contains("\"") ? nil : text }
        var rest = text.dropFirst()
        var plain = ""
        while let character = rest.popFirst() {
            if character == "\"" { return rest.isEmpty ? plain : nil }
            guard character == "\\" else {
                plain.append(character)
                continue
            }
            guard let escaped = rest.popFirst(), escaped == "\"" || escaped == "\\" else {
                return nil
            }
            plain.append(escaped)
        }
        return nil
    }

    /// Whether the client would rather not wait: RFC 7240, 4.1.
    var prefersLater: Bool {
        (field("Prefer") ?? "").split(whereSeparator: { $0 == "," || $0 == ";" })
            .contains { String($0).trimmed.lowercased() == "respond-async" }
    }

    /// The languages that the client asks for, the most wanted first: RFC 9110, 12.5.4.
    var languages: [String] {
        let ranges = (field("Accept-Language") ?? "").split(separator: ",").prefix(20).map {
            HeaderValue(String($0))
        }
        let wanted = ranges.enumerated().map { index, range in
            (
                tag: range.word, place: index,
                quality: range.parameters["q"].flatMap(Double.init) ?? 1
            )
        }.filter { $0.quality > 0 && $0.tag.utf8.count <= 35 }
        return wanted.sorted { left, right in
            left.quality == right.quality
                ? left.place < right.place : left.quality > right.quality
        }.map(\.tag)
    }
}
