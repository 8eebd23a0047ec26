import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// The adjudication document as docs/adjudication.md shows it.
struct AdjudicationTests {
    static func exampleText() throws -> String {
        try DocumentedExample.first(of: "json", in: "docs/adjudication.md")
    }

    static func decoded(_ text: String) throws -> Adjudication {
        try JSONDecoder().decode(Adjudication.self, from: Data(text.utf8))
    }

    @Test func documentedExampleHasExactlyTheMembersWritten() throws {
        let text = try Self.exampleText()
        let written = try Self.decoded(text).bytes()
        let given = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
        let back = try JSONSerialization.jsonObject(with: written) as? NSDictionary
        #expect(given == back)
    }

    @Test func storedFormHasNeitherTimingsNorAuditAndIsStable() throws {
        let document = try Self.decoded(Self.exampleText())
        let stored = try document.storedBytes()
        let text = String(decoding: stored, as: UTF8.self)
        #expect(!text.contains("timings_ms") && !text.contains("\"audit\""))
        #expect(!text.contains("\n"))
        #expect(text.hasPrefix("{\"automation\":"))
        #expect(text.contains("/v1/inspections/"))
        let again = try JSONDecoder().decode(Adjudication.self, from: stored)
        #expect(try again.storedBytes() == stored)
    }

    @Test func membersThatWereNotStatedAreNull() throws {
        let text = try Self.exampleText().replacing(
            "\"sku\": \"PHN-64-BLK\"", with: "\"sku\": null")
        let document = try Self.decoded(text)
        #expect(document.order.sku == nil)
        #expect(String(decoding: try document.bytes(), as: UTF8.self).contains("\"sku\":null"))
    }

    @Test(arguments: [
        ("regrade.adjudication/1", "regrade.adjudication/2"), ("\"minor\",", "\"mild\","),
        ("\"human_review\"", "\"maybe\""), ("insp_01KAJ", "case_01KAJ"),
        ("category_not_calibrated", "because"),
    ])
    func unknownWordIsRefused(old: String, new: String) throws {
        let text = try Self.exampleText()
        #expect(text.contains(old))
        #expect(throws: DecodingError.self) { try Self.decoded(text.replacing(old, with: new)) }
    }

    @Test func undecodablePhotosAppearOnlyIfThereAreAny() throws {
        let text = try Self.exampleText()
        #expect(
            !String(decoding: try Self.decoded(text).bytes(), as: UTF8.self)
                .contains("undecodable_photos"))
        let hash = String(repeating: "0", count: 64)
        let with = text.replacing(
            "\"remedy\"",
            with: "\"undecodable_photos\":[{\"index\":1,\"sha256\":\"\(hash)\","
                + "\"code\":\"photo_truncated\"}],\"remedy\"")
        #expect(try Self.decoded(with).undecodablePhotos.map(\.code) == ["photo_truncated"])
        #expect(
            String(decoding: try Self.decoded(with).bytes(), as: UTF8.self)
                .contains("photo_truncated"))
    }
}
