package import ReturnsDomain

/// Which key does what: one table while looking at a case, one while giving the reason.
package struct KeyMap: Hashable, Sendable {
    private var actions: [Key: ReviewAction]
    private var reasons: [Key: ReasonCode]

    /// The keys that are always the same, so that nobody is locked in.
    package static let fixed: [Key: ReviewAction] = [
        .right: .nextPhoto, .left: .previousPhoto, .up: .up, .down: .down, .pageUp: .pageUp,
        .pageDown: .pageDown, .control("c"): .quit,
    ]

    /// Keys with a fixed meaning that no setting changes.
    private static let reserved: Set<Key> = Set(fixed.keys).union([
        .enter, .escape, .control("l"), .control("z"), .backspace, .delete,
    ])

    private static let standardActions: [(ReviewAction, Key)] = [
        (.resell, .character("s")), (.refurbish, .character("f")), (.reject, .character("x")),
        (.retake, .character("t")), (.heat, .character("h")), (.nextPhoto, .character("n")),
        (.previousPhoto, .character("p")), (.open, .character("o")), (.comment, .character("c")),
        (.undo, .character("u")), (.release, .character("r")), (.up, .character("k")),
        (.down, .character("j")), (.pageUp, .character("b")), (.pageDown, .character(" ")),
        (.help, .character("?")), (.quit, .character("q")),
    ]

    private static let standardReasons: [(ReasonCode, Key)] = [
        (.reviewAgrees, .character("a")), (.reviewDamageMissed, .character("m")),
        (.reviewDamageOverstated, .character("o")), (.reviewPhotosInsufficient, .character("p")),
        (.reviewWrongItem, .character("w")), (.reviewPolicyException, .character("e")),
        (.crackVisible, .character("1")), (.scratchVisible, .character("2")),
        (.dentVisible, .character("3")), (.tearVisible, .character("4")),
        (.stainVisible, .character("5")), (.crushVisible, .character("6")),
        (.brokenVisible, .character("7")), (.missingPartVisible, .character("8")),
        (.damageVisible, .character("9")), (.noDamageVisible, .character("0")),
    ]

    /// The keys as shipped, changed by a setting such as `resell=1 heat=tab review_agrees=y`.
    ///
    /// - Throws: ``KeyMapError`` for a name that is none, a key that is none or fixed, and a key
    ///   that would do two things.
    package init(setting: String = "") throws(KeyMapError) {
        var actionKeys = Dictionary(uniqueKeysWithValues: Self.standardActions)
        var reasonKeys = Dictionary(uniqueKeysWithValues: Self.standardReasons)
        for entry in setting.split(whereSeparator: { $0 == " " || $0 == "," || $0.isNewline }) {
            guard let equals = entry.firstIndex(of: "=") else {
                throw .entryMalformed(String(entry))
            }
            let name = String(entry[..<equals])
            let keyName = String(entry[entry.index(after: equals)...])
            guard let key = Key(name: keyName) else { throw .keyUnknown(keyName, for: name) }
            guard !Self.reserved.contains(key) else { throw .keyFixed(keyName, for: name) }
            if let action = ReviewAction(rawValue: name) {
                actionKeys[action] = key
            } else if let reason = ReasonCode(rawValue: name), reasonKeys[reason] != nil {
                reasonKeys[reason] = key
            } else {
                throw .nameUnknown(name)
            }
        }
        actions = try Self.inverted(actionKeys, in: ReviewAction.allCases)
        reasons = try Self.inverted(reasonKeys, in: ReasonCode.keyed)
    }

    private static func inverted<Name: RawRepresentable<String> & Hashable>(
        _ keys: [Name: Key], in order: [Name]
    ) throws(KeyMapError) -> [Key: Name] {
        var names: [Key: Name] = [:]
        for name in order {
            guard let key = keys[name] else { continue }
            if let other = names[key] {
                throw .conflict(key.description, other.rawValue, name.rawValue)
            }
            names[key] = name
        }
        return names
    }

    /// What a key does while a case is on the screen.
    package func action(of key: Key) -> ReviewAction? { Self.fixed[key] ?? actions[key] }

    /// The reason that a key states.
    package func reason(of key: Key) -> ReasonCode? { reasons[key] }

    /// The key to show for an action.
    package func key(for action: ReviewAction) -> Key? {
        actions.first { $0.value == action }?.key
    }

    /// The key to show for a reason.
    package func key(for reason: ReasonCode) -> Key? {
        reasons.first { $0.value == reason }?.key
    }
}

/// Why a setting makes no key map.
package enum KeyMapError: Error, Hashable, Sendable {
    /// An entry has no equals sign.
    case entryMalformed(String)
    /// Neither an action nor a reason has this name.
    case nameUnknown(String)
    /// No key has this name.
    case keyUnknown(String, for: String)
    /// The key has one meaning always.
    case keyFixed(String, for: String)
    /// One key would do two things.
    case conflict(String, String, String)
}

extension KeyMapError: CustomStringConvertible {
    /// What is wrong with which entry, and what is expected.
    package var description: String {
        switch self {
        case .entryMalformed(let entry):
            "review keys: '\(entry)' is no entry, expected NAME=KEY such as resell=1"
        case .nameUnknown(let name):
            "review keys: '\(name)' is neither an action nor a reason; known are "
                + (ReviewAction.allCases.map(\.rawValue) + ReasonCode.keyed.map(\.rawValue))
                .joined(separator: ", ")
        case .keyUnknown(let key, let name):
            "review keys: '\(key)' for \(name) is no key, expected one character, space, tab, "
                + "home, end or ctrl-LETTER"
        case .keyFixed(let key, let name):
            "review keys: '\(key)' for \(name) has a meaning that cannot be changed"
        case .conflict(let key, let first, let second):
            "review keys: '\(key)' is set for both \(first) and \(second); give one of them "
                + "another key"
        }
    }
}
