import CaseStore
import Foundation
import Testing

@Suite struct CanonicalJSONTests {
    @Test func writesMembersInOrderWithShortestEscapes() {
        let value = CanonicalJSON.object([
            "z": .integer(-12), "a": .string("é\"\\/\u{8}\t\n\u{c}\r\u{1f}\u{7f}€"),
            "list": .array([.integer(0), .object([:])]),
        ])
        let expected =
            #"{"a":"é\"\\/\b\t\n\f\r\u001f"# + "\u{7f}" + #"€","list":[0,{}],"z":-12}"#
        #expect(String(decoding: value.bytes, as: UTF8.self) == expected)
        #expect(CanonicalJSON(parsing: value.bytes) == value)
    }

    /// RFC 8785, 3.2.3: the order of names is by UTF-16 code units, not by code points.
    @Test func ordersNamesByUTF16() {
        let value = CanonicalJSON.object([
            "\u{FB33}": .integer(1), "\u{1F600}": .integer(2), "\u{20AC}": .integer(3),
            "\r": .integer(4), "1": .integer(5), "\u{80}": .integer(6), "\u{F6}": .integer(7),
        ])
        guard case .members(let members) = value else {
            Issue.record("no object")
            return
        }
        let names = ["\r", "1", "\u{80}", "\u{F6}", "\u{20AC}", "\u{1F600}", "\u{FB33}"]
        #expect(members.map(\.name) == names)
        #expect(CanonicalJSON(parsing: value.bytes) == value)
    }

    @Test(arguments: [
        "", " {}", "{} ", "{", "}", #"{"a":1,}"#, #"{"b":1,"a":2}"#, #"{"a":1,"a":2}"#,
        #"{"a": 1}"#, "01", "-0", "-", "+1", "1.0", "1e3", "9007199254740992", "true", "null",
        #""\/""#, #""\u0041""#, #""\u001F""#, #""\u0009""#, "\"\n\"", #""\x""#, "[1,]", "[1 ]",
        "\"open", #"{"a"}"#,
    ])
    func refusesEveryOtherForm(text: String) {
        #expect(CanonicalJSON(parsing: Data(text.utf8)) == nil)
    }

    @Test func refusesBytesThatAreNoText() {
        #expect(CanonicalJSON(parsing: Data([0x22, 0xC3, 0x28, 0x22])) == nil)
        #expect(CanonicalJSON(parsing: Data([0x22, 0xED, 0xA0, 0x80, 0x22])) == nil)
    }

    @Test func refusesNestingWithoutEnd() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(CanonicalJSON(parsing: Data(deep.utf8)) == nil)
    }
}
