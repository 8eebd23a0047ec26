import ReviewTerminal
import TestSupport
import Testing

struct DisplayTextTests {
    private static let cases: [(text: String, shown: String, width: Int)] = [
        ("plain", "plain", 5),
        ("\u{1B}[2J\u{07}\u{08}", "␛[2J␇␈", 6),
        ("\u{1B}]0;title\u{07}", "␛]0;title␇", 10),
        ("a\u{9B}31mb", "a\u{FFFD}31mb", 6),
        ("tab\tline\nreturn\r", "tab line return ", 16),
        ("\u{7F}", "␡", 1),
        ("字漢", "字漢", 4),
        ("🙂", "🙂", 2),
        ("e\u{301}", "e\u{301}", 1),
        ("z" + String(repeating: "\u{336}", count: 20), "z\u{336}\u{336}", 1),
        ("\u{301}", "", 0),
        ("👩\u{200D}👧", "👩👧", 4),
        ("ab\u{202E}cd\u{2066}", "ab\u{FFFD}cd\u{FFFD}", 6),
        ("x\u{E0041}\u{E000}", "x\u{FFFD}\u{FFFD}", 3),
        ("soft\u{AD}hyphen\u{FE0F}\u{FEFF}", "softhyphen", 10),
        ("a\u{2028}b", "a b", 3),
    ]

    @Test(arguments: cases.indices) func strangersTextIsMadeHarmless(index: Int) {
        let (text, shown, width) = Self.cases[index]
        #expect(DisplayText.safe(text) == shown)
        #expect(DisplayText.glyphs(of: text).width == width)
    }

    @Test func noControlCharacterSurvivesWhateverTheText() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var text = String.UnicodeScalarView()
            for _ in 0..<50 {
                let value = UInt32.random(in: 0...0x2FFF, using: &generator)
                if let scalar = Unicode.Scalar(value) { text.append(scalar) }
            }
            let shown = DisplayText.safe(String(text))
            let controls = shown.unicodeScalars.filter {
                [.control, .format, .lineSeparator].contains($0.properties.generalCategory)
            }
            #expect(controls.isEmpty, "\(text.map(\.value))")
        }
    }

    @Test func linesBreakAtSpacesAndInsideLongWords() {
        let lines = TextLayout.lines(of: "one two three\nfourteen 字字字", width: 7)
        #expect(
            lines.map { $0.map(\.text).joined() } == [
                "one two", "three", "fourtee", "n", "字字字",
            ])
        #expect(lines.allSatisfy { $0.width <= 7 })
    }

    @Test(arguments: [(5, "abcde"), (4, "abc…"), (1, "…"), (0, "")])
    func whatDoesNotFitEndsInAnEllipsis(width: Int, shown: String) {
        let clipped = TextLayout.clipped("abcde", width: width)
        #expect(clipped.map(\.text).joined() == shown)
    }
}

struct LineEditorTests {
    private func edited(_ keys: [Key], from text: String = "one two") -> (String, Int) {
        var editor = LineEditor(text, byteCountLimit: 20)
        for key in keys {
            if case .character(let character) = key {
                editor.insert(String(character))
            } else {
                _ = editor.edit(key)
            }
        }
        return (editor.text, editor.window(width: 40).cursorColumn)
    }

    private static let cases: [(keys: [Key], text: String, column: Int)] = [
        ([.character("!")], "one two!", 8),
        ([.home, .character("é")], "éone two", 1),
        ([.backspace, .left, .delete], "one t", 5),
        ([.control("w")], "one ", 4),
        ([.control("u")], "", 0),
        ([.home, .right, .control("k")], "o", 1),
        ([.home, .backspace, .end, .delete], "one two", 7),
    ]

    @Test(arguments: cases.indices) func editsLikeAShell(index: Int) {
        let (text, column) = edited(Self.cases[index].keys)
        #expect(text == Self.cases[index].text)
        #expect(column == Self.cases[index].column)
    }

    @Test func staysWithinItsBytes() {
        var editor = LineEditor("", byteCountLimit: 5)
        let inserted = ["éé", "é", "x"].map { editor.insert($0) }
        #expect(inserted == [true, false, true])
        #expect(editor.text == "ééx")
    }

    @Test func aPastedEscapeSequenceLosesItsTeeth() {
        var editor = LineEditor("", byteCountLimit: 50)
        editor.insert("a\u{1B}[2J\nb")
        #expect(editor.text == "a[2J b")
    }

    @Test func theWindowFollowsTheCursorInWideText() {
        let editor = LineEditor("字字字字", byteCountLimit: 50)
        let (glyphs, column) = editor.window(width: 6)
        #expect(glyphs.width <= 6)
        #expect(column == 4)
    }
}
