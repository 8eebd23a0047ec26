import HTTPService
import Testing

struct JSONReaderTests {
    @Test
    func readsEveryKindOfValue() throws {
        let text = #" {"a":[1,-2.5e+3,true,false,null],"b\u0041\uD83D\uDE00":"\"\n"} "#
        #expect(
            try JSONReader.document(Array(text.utf8))
                == .object([
                    .init(
                        name: "a",
                        value: .array([
                            .number("1"), .number("-2.5e+3"), .bool(true), .bool(false), .null,
                        ])),
                    .init(name: "bA😀", value: .string("\"\n")),
                ]))
    }

    @Test(arguments: [
        "", "{", "[1,]", #"{"a":1,}"#, #"{"a":1,"a":2}"#, #"{a:1}"#, "01", "1.", "-", "1e", "nul",
        #""\x""#, #""\u12G4""#, #""\uD800""#, "\"a\nb\"", "1 2", "\"a",
        String(repeating: "[", count: 17) + String(repeating: "]", count: 17),
    ])
    func refusesWhatIsNoJSON(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONReader.document(Array(text.utf8)) }
    }

    @Test
    func refusesBytesThatAreNoUTF8() {
        #expect(throws: JSONSyntaxError.self) { try JSONReader.document([0x22, 0xC3, 0x22]) }
    }
}
