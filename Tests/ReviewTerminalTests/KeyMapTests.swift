import ReturnsDomain
import ReviewTerminal
import Testing

struct KeyMapTests {
    @Test func everyActionAndReasonHasAKeyOfItsOwn() throws {
        let keys = try KeyMap()
        for action in ReviewAction.allCases {
            let key = try #require(keys.key(for: action), "\(action)")
            #expect(keys.action(of: key) == action)
        }
        for reason in ReasonCode.keyed {
            let key = try #require(keys.key(for: reason), "\(reason)")
            #expect(keys.reason(of: key) == reason)
        }
    }

    @Test func aSettingChangesKeys() throws {
        let keys = try KeyMap(setting: "resell=1, heat=tab\nreview_agrees=y undo=ctrl-u")
        #expect(keys.action(of: .character("1")) == .resell)
        #expect(keys.action(of: .character("s")) == nil)
        #expect(keys.action(of: .tab) == .heat)
        #expect(keys.action(of: .control("u")) == .undo)
        #expect(keys.reason(of: .character("y")) == .reviewAgrees)
        #expect(keys.action(of: .control("c")) == .quit)
    }

    private static let mistakes: [(setting: String, sentence: String)] = [
        ("resell", "review keys: 'resell' is no entry, expected NAME=KEY such as resell=1"),
        (
            "heat=s",
            "review keys: 's' is set for both resell and heat; give one of them another key"
        ),
        (
            "review_agrees=m",
            "review keys: 'm' is set for both review_agrees and review_damage_missed; give one of "
                + "them another key"
        ),
        (
            "heat=f13",
            "review keys: 'f13' for heat is no key, expected one character, space, tab, home, end "
                + "or ctrl-LETTER"
        ),
        ("heat=ctrl-c", "review keys: 'ctrl-c' for heat has a meaning that cannot be changed"),
        (
            "heat=\u{1B}",
            "review keys: '\u{1B}' for heat is no key, expected one character, "
                + "space, tab, home, end or ctrl-LETTER"
        ),
    ]

    @Test(arguments: mistakes.indices) func aMistakeIsNamed(index: Int) {
        #expect(throws: KeyMapError.self) { try KeyMap(setting: Self.mistakes[index].setting) }
        do {
            _ = try KeyMap(setting: Self.mistakes[index].setting)
        } catch {
            #expect(error.description == Self.mistakes[index].sentence)
        }
    }

    @Test func anUnknownNameIsAnsweredWithTheKnownOnes() {
        do {
            _ = try KeyMap(setting: "sell=1")
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains("'sell'"))
            #expect(error.description.contains("resell, refurbish"))
        }
    }
}
