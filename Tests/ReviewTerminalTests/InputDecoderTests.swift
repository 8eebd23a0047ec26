import ReviewTerminal
import Testing

struct InputDecoderTests {
    private static let escape = "\u{1B}"

    private static let cases: [(bytes: String, inputs: [TerminalInput])] = [
        ("s", [.key(.character("s"))]),
        ("\r", [.key(.enter)]),
        ("\u{7F}\u{08}", [.key(.backspace), .key(.backspace)]),
        ("\u{03}\u{1A}", [.key(.control("c")), .key(.control("z"))]),
        ("é字🙂", [.key(.character("é")), .key(.character("字")), .key(.character("🙂"))]),
        ("\(escape)[A\(escape)OB", [.key(.up), .key(.down)]),
        ("\(escape)[C\(escape)[D", [.key(.right), .key(.left)]),
        ("\(escape)[1;5A", [.key(.up)]),
        ("\(escape)[5~\(escape)[6~", [.key(.pageUp), .key(.pageDown)]),
        ("\(escape)[3~\(escape)[H\(escape)[F", [.key(.delete), .key(.home), .key(.end)]),
        ("\(escape)[200~a\nb\(escape)[201~x", [.pasted("a\nb"), .key(.character("x"))]),
        ("\(escape)[200~\(escape)[Ax\(escape)[201~", [.pasted("\(escape)[Ax")]),
        ("\(escape)_Gi=31;OK\(escape)\\", [.graphicsAnswer(isOK: true)]),
        ("\(escape)_Gi=31;EINVAL:no\(escape)\\", [.graphicsAnswer(isOK: false)]),
        ("\(escape)[?62;4c", [.deviceAttributes]),
        ("\(escape)]11;rgb:00/00/00\u{07}q", [.key(.character("q"))]),
        ("\(escape)[99zq\(escape)Zq", [.key(.character("q")), .key(.character("q"))]),
    ]

    @Test(arguments: cases.indices) func readsWhatTerminalsSend(index: Int) {
        var decoder = InputDecoder()
        let inputs = decoder.decode(Self.cases[index].bytes.utf8)
        #expect(inputs == Self.cases[index].inputs)
        #expect(!decoder.isWaiting)
    }

    @Test(arguments: cases.indices) func aSplitReadMakesNoDifference(index: Int) {
        let bytes = Array(Self.cases[index].bytes.utf8)
        for split in 1..<max(bytes.count, 2) {
            var decoder = InputDecoder()
            let inputs =
                decoder.decode(bytes.prefix(split)) + decoder.decode(bytes.dropFirst(split))
            #expect(inputs == Self.cases[index].inputs, "split at \(split)")
        }
    }

    @Test func aLoneEscapeIsTheKeyOnceNothingFollows() {
        var decoder = InputDecoder()
        #expect(decoder.decode([0x1B]).isEmpty)
        #expect(decoder.isWaiting)
        #expect(decoder.flush() == [.key(.escape)])
        #expect(!decoder.isWaiting)
    }

    @Test func halfASequenceIsDropped() {
        var decoder = InputDecoder()
        #expect(decoder.decode("\u{1B}[20".utf8).isEmpty)
        #expect(decoder.flush().isEmpty)
        #expect(decoder.decode("q".utf8) == [.key(.character("q"))])
    }

    @Test func bytesThatAreNoUTF8AreSkipped() {
        var decoder = InputDecoder()
        let bytes: [UInt8] = [0xFF, 0x80, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x71]
        let inputs = decoder.decode(bytes)
        #expect(inputs == [.key(.character("(")), .key(.character("q"))])
    }

    @Test func aPasteIsCutAtItsLimit() {
        var decoder = InputDecoder()
        let long = String(repeating: "a", count: InputDecoder.pasteByteCountLimit + 5)
        let inputs = decoder.decode("\u{1B}[200~\(long)\u{1B}[201~".utf8)
        guard case .pasted(let text) = inputs.first else {
            Issue.record("nothing was pasted")
            return
        }
        #expect(text.utf8.count == InputDecoder.pasteByteCountLimit)
    }

    @Test func anEndlessSequenceDoesNotGrow() {
        var decoder = InputDecoder()
        for _ in 0..<100 { _ = decoder.decode("\u{1B}_Gaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".utf8) }
        _ = decoder.flush()
        #expect(decoder.decode("q".utf8) == [.key(.character("q"))])
    }
}
