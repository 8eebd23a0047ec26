import DecisionPolicy
import Foundation
import ReturnsDomain
import TestSupport
import Testing
import Workflow

/// The shipped policy, and what becomes of files that say something wrong.
struct PolicyFileTests {
    static let shippedText = String(decoding: LoadedPolicy.shippedBytes, as: UTF8.self)

    /// The shipped file with one text replaced by another, once.
    static func changed(_ old: String, to new: String) throws -> Data {
        let range = try #require(shippedText.range(of: old), "the shipped policy lacks '\(old)'")
        return Data(shippedText.replacingCharacters(in: range, with: new).utf8)
    }

    static func problems(in bytes: Data) throws -> [PolicyFileProblem] {
        guard case .invalid(let problems) = PolicyCheck(bytes: bytes).error else {
            Issue.record("the file has no mistakes")
            return []
        }
        return problems
    }

    /// A shop's file from before a reason came still holds, and says what the shipped one says.
    @Test func reasonsWithoutATextGetTheShippedOnes() throws {
        let start = try #require(Self.shippedText.range(of: "      unlike_references:\n"))
        let end = try #require(Self.shippedText.range(of: "      random_audit_sample:\n"))
        var text = Self.shippedText
        text.removeSubrange(start.lowerBound..<end.lowerBound)
        text = text.replacing("\n  fr:\n", with: "\n  it:\n").replacing(" fr: ", with: " it: ")
        let italian = text.replacing("\ncomparison: {use: look_only, level: 0.02}\n", with: "\n")
        let policy = try LoadedPolicy(bytes: Data(italian.utf8)).policy
        let shipped = try LoadedPolicy.shipped().policy
        #expect(policy.texts["en"]?.reasons == shipped.texts["en"]?.reasons)
        #expect(policy.comparison == .lookOnly && policy.texts.keys.contains("it"))
        // A language that the shipped policy has not is filled in English.
        let reason = "      no_damage_visible:\n"
        let texts = try #require(italian.range(of: "\n  it:\n")).upperBound..<italian.endIndex
        let place = try #require(italian.range(of: reason, range: texts))
        let rest = try #require(italian.range(of: "      damage_visible:\n", range: texts))
        var shorter = italian
        shorter.removeSubrange(place.lowerBound..<rest.lowerBound)
        let filled = try LoadedPolicy(bytes: Data(shorter.utf8)).policy
        #expect(
            filled.texts["it"]?.reasons[.noDamageVisible]
                == shipped.texts["en"]?.reasons[.noDamageVisible])
    }

    @Test func shippedPolicyLoads() throws {
        let loaded = try LoadedPolicy.shipped()
        #expect(loaded.policy.id == "shipped")
        #expect(loaded.policy.texts.keys.sorted() == ["de", "en", "es", "fr"])
        #expect(loaded.policy.knowsRegion("NO"), "NO is a country, not a no")
        #expect(loaded.version(rule: "general").sha256 == loaded.sha256)
    }

    @Test func shippedPolicyForbidsAutomaticRejectInEuropeAndUnknownRegions() throws {
        let policy = try LoadedPolicy.shipped().policy
        let europe = """
            AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE
            IS LI NO GB CH
            """.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(europe.count == 32)
        #expect(policy.automaticReject.forbiddenRegions.isSuperset(of: europe))
        #expect(!policy.automaticReject.forbiddenRegions.contains("US"))
        #expect(policy.knowsRegion("US"))
        for unknown in ["UK", "EL", "XX", "ZZ"] { #expect(!policy.knowsRegion(unknown)) }
    }

    @Test func shippedPolicyKnowsTheWordsOfTheTrainingData() throws {
        let policy = try LoadedPolicy.shipped().policy
        for word in ["apparel", "box", "packaged_goods", "phone", "shoes", "vehicle"] {
            #expect(policy.categoryName(for: word) == word)
        }
        #expect(policy.categoryName(for: "clothing") == "apparel")
        #expect(policy.categoryName(for: "grocery") == "packaged_goods")
    }

    @Test func shippedTextsFillEveryPlaceholder() throws {
        let policy = try LoadedPolicy.shipped().policy
        for outcome in Outcome.allCases {
            for code in ReasonCode.allCases {
                let decision = Decision(
                    outcome: outcome, recommended: .refurbish, severity: .minor, confidence: 0.71,
                    predictionSet: [.refurbish, .reject], reasons: [Reason(code)],
                    remedy: .repair, rule: "general")
                for locale in ["en", "de"] {
                    let rationale = policy.rationale(for: decision, locale: locale)
                    #expect(!rationale.reviewer.contains("{"))
                    #expect(rationale.reviewer.contains("71 %"))
                    #expect(!rationale.customer.contains("%"))
                    #expect(rationale.customer.utf8.count < 400)
                    #expect(!policy.automationNotice(for: outcome, locale: locale).isEmpty)
                }
            }
        }
    }

    @Test(arguments: [
        (
            "schema: regrade.policy/1", "schema: regrade.policy/2", "schema",
            "is 'regrade.policy/2', this build reads 'regrade.policy/1'"
        ),
        ("id: shipped", "id: Shipped!", "id", "is 'Shipped!', expected at most 64 of"),
        ("{name: bottle}", "{nam: bottle}", "categories[9].nam", "is not known; expected one of"),
        ("{name: bottle}", "{nam: bottle}", "categories[9]", "needs the member 'name'"),
        ("{name: bottle}", "{name: car}", "categories[9].name", "is 'car', which is already used"),
        ("eea: [IS, LI, NO]", "eea: [IS, LI, DE]", "region_groups.eea[2]", "already holds"),
        ("eea: [IS, LI, NO]", "eea: [IS, LI, no]", "region_groups.eea[2]", "two capital letters"),
        (
            "{minor_digits: 0, high_value: 75000}", "{minor_digits: 5, high_value: 75000}",
            "currencies.JPY.minor_digits", "is '5', expected an integer from 0 to 4"
        ),
        (
            "{minor_digits: 0, high_value: 75000}", "{minor_digits: 0, high_value: -1}",
            "currencies.JPY.high_value", "is '-1', expected an integer"
        ),
        ("reject: 0.90}", "reject: 1.01}", "minimum_confidence.reject", "a number from 0.0 to 1.0"),
        ("reject: 0.90}", "reject: nan}", "minimum_confidence.reject", "a number from 0.0 to 1.0"),
        (
            "forbidden_in: [eu,", "forbidden_in: [eurozone,", "automatic_reject.forbidden_in[0]",
            "is 'eurozone', which region_groups does not hold"
        ),
        (
            "unknown_value: true", "unknown_value: \"true\"", "always_human.unknown_value",
            "expected true or false"
        ),
        (
            "{when: no_usable_photo}", "{when: never}", "retake.when",
            "is 'never', expected one of no_usable_photo, any_unusable_photo"
        ),
        ("due_hours: 24", "due_hours: 0", "review.due_hours", "from 1 to 8760"),
        (
            "EUR: {below: 1500}", "EUR: {from: 1500, below: 1500}", "rules[0].when.value.EUR",
            "holds no amount"
        ),
        (
            "EUR: {below: 1500}", "XTS: {below: 1500}", "rules[0].when.value.XTS",
            "is no currency of this policy"
        ),
        (
            "categories: [box]", "categories: [crate]", "rules[1].when.categories[0]",
            "is 'crate', expected one of apparel, book"
        ),
        ("id: packaging_only", "id: low_value_goods", "rules[1]", "which another rule has"),
        (
            "severe: reject}", "severe: human_review}", "rules[0].severity.severe",
            "expected one of resell, refurbish, reject"
        ),
        (
            "remedy: {resell: refund, refurbish: liquidation, reject: liquidation}",
            "remedy: {resell: refund, refurbish: liquidation}", "rules[0].remedy",
            "needs the member 'reject'"
        ),
        (
            "    when: {categories: [vehicle]}\n", "", "rules[3]",
            "matches everything, so that the rules after it never apply"
        ),
        (
            "  - id: general\n", "  - id: general\n    when: {categories: [box]}\n", "rules[4]",
            "is the last rule and has conditions"
        ),
        (
            "      de: Unbeschädigtes", "      it: Unbeschädigtes", "rules[4].text.it",
            "is not known; expected one of de, en, es, fr"
        ),
        (
            "      crack_visible:\n", "      cracked:\n", "texts.en.reasons.cracked",
            "is not known; expected one of"
        ),
        (
            "comparison: {use: look_only", "comparison: {use: decide", "comparison.use",
            "is 'decide', expected one of look_only, may_decide"
        ),
        ("level: 0.02}", "level: 0.6}", "comparison.level", "expected a number from 0.0001 to 0.5"),
        ("comparison: {use: look_only, ", "comparison: {", "comparison", "needs the member 'use'"),
        ("{recommended}", "{recomended}", "texts.en.reviewer", "has a placeholder other than"),
        (
            "customer: You asked for a person.", "customer: \"\"",
            "texts.en.reasons.customer_appeal.customer", "is empty, expected text"
        ),
    ])
    func everyMistakeIsNamedWithItsMember(
        old: String, new: String, member: String, message: String
    ) throws {
        let problems = try Self.problems(in: Self.changed(old, to: new))
        let match = problems.first { $0.member == member && $0.message.contains(message) }
        #expect(match != nil, "reported: \(problems)")
    }

    /// The shipped file with a `second_review` in its last rule.
    private static func withSecondReview(_ terms: String) throws -> Data {
        try changed("  - id: general\n", to: "  - id: general\n    second_review: \(terms)\n")
    }

    @Test(
        arguments: [
            ("{reviewers: 2}", SecondReviewTerms(reviewers: 2)),
            ("{reviewers: 5}", SecondReviewTerms(reviewers: 5)),
            (
                "{reviewers: 3, outcomes: [reject, resell]}",
                SecondReviewTerms(reviewers: 3, outcomes: [.reject, .resell])
            ),
        ])
    func secondReviewsAreRead(text: String, terms: SecondReviewTerms) throws {
        let policy = try LoadedPolicy(bytes: Self.withSecondReview(text)).policy
        #expect(policy.rules.last?.secondReview == terms)
        #expect(policy.rules.dropLast().allSatisfy { $0.secondReview == nil })
    }

    @Test(arguments: [
        ("{reviewers: 1}", "1}", ".reviewers", "is '1', expected an integer from 2 to 5"),
        ("{reviewers: 6}", "6}", ".reviewers", "is '6', expected an integer from 2 to 5"),
        ("{reviewers: two}", "two}", ".reviewers", "is 'two', expected an integer from 2 to 5"),
        ("{outcomes: [reject]}", "{outcomes", "", "needs the member 'reviewers'"),
        (
            "{reviewers: 2, outcomes: [human_review]}", "human_review]", ".outcomes[0]",
            "is 'human_review', expected one of resell, refurbish, reject"
        ),
        ("{reviewers: 2, outcomes: []}", "[]}", ".outcomes", "names no outcome"),
        ("{reviewers: 2, when: now}", "now}", ".when", "is not known; expected one of"),
        ("2", "2", "", "expected"),
    ])
    func mistakesInSecondReviewsAreNamedWithLineAndMember(
        text: String, place: String, member: String, message: String
    ) throws {
        let bytes = try Self.withSecondReview(text)
        let problems = try Self.problems(in: bytes)
        let problem = try #require(
            problems.first { $0.member == "rules[4].second_review" + member }, "\(problems)")
        #expect(problem.message.contains(message), "\(problems)")
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let line = lines[problem.line - 1]
        #expect(line.contains("second_review"))
        #expect(line.dropFirst(problem.column - 1).hasPrefix(place), "\(problem)")
    }

    @Test func mistakesCarryLineAndColumnAndAllAreReportedAtOnce() throws {
        let text = Self.shippedText.replacing("id: shipped", with: "id: S")
            .replacing("  - {name: toy, aliases", with: "  - {name: toy, alias")
            .replacing("due_hours: 24", with: "due_hours: soon")
        let problems = try Self.problems(in: Data(text.utf8))
        #expect(problems.map(\.member) == ["id", "categories[8].alias", "review.due_hours"])
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (problem, value) in zip(problems, ["S", "[toys]", "soon"]) {
            let line = lines[problem.line - 1]
            #expect(line.dropFirst(problem.column - 1).hasPrefix(value))
        }
        #expect(
            problems[2].description == "line \(problems[2].line), column 21: review.due_hours "
                + "is 'soon', expected an integer from 1 to 8760")
    }

    @Test func duplicateMemberIsRefused() throws {
        let problems = try Self.problems(in: Self.changed("id: shipped", to: "id: a\nid: b"))
        #expect(problems.first?.message == "states more than once: id")
    }

    @Test(arguments: ["", "[", "just text", "- a\n- b", "a: *nowhere", "\u{0}"])
    func textThatIsNoPolicyIsAMistakeInTheFirstLines(text: String) throws {
        let problems = try Self.problems(in: Data(text.utf8))
        #expect(!problems.isEmpty)
        #expect(problems.allSatisfy { (1...2).contains($0.line) })
    }

    @Test(arguments: ["[", "{a: ", "- "])
    func deepNestingIsRefusedWithoutACrash(opening: String) throws {
        let text = String(repeating: opening, count: 20_000)
        #expect(try !Self.problems(in: Data(text.utf8)).isEmpty)
    }

    @Test func sizeLimitHolds() {
        let limit = LoadedPolicy.byteCountLimit
        let padding = Data(repeating: UInt8(ascii: "\n"), count: limit)
        func padded(to count: Int) -> Data {
            LoadedPolicy.shippedBytes + padding.prefix(count - LoadedPolicy.shippedBytes.count)
        }
        #expect(PolicyCheck(bytes: padded(to: limit - 1)).error == nil)
        #expect(PolicyCheck(bytes: padded(to: limit)).error == nil)
        #expect(
            PolicyCheck(bytes: padded(to: limit) + Data("\n".utf8)).error
                == .tooLarge(limit: limit))
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(PolicyCheck(bytes: Data([0xff, 0xfe])).error == .notUTF8)
    }

    @Test func missingFileIsNamed() {
        let error = PolicyCheck(path: "/nowhere/policy.yaml").error
        #expect(error == .unreadable(path: "/nowhere/policy.yaml"))
        #expect(PolicyCheck(path: "/").error == .unreadable(path: "/"))
    }

    @Test func requiredViewsAreThoseThatPhotosHave() throws {
        func bytes(_ views: String) throws -> Data {
            try Self.changed(
                "  - id: low_value_goods\n",
                to: "  - id: low_value_goods\n    required_views: \(views)\n")
        }
        let policy = try LoadedPolicy(bytes: bytes("[front, label]")).policy
        #expect(policy.rules.map(\.requiredViews).filter { !$0.isEmpty } == [[.front, .label]])
        let problems = try Self.problems(in: bytes("[front, top]"))
        #expect(problems.count == 1 && problems.first?.message.contains("'top'") == true)
    }

    @Test func jsonIsReadAsWell() throws {
        let problems = try Self.problems(
            in: Data(#"{"schema": "regrade.policy/1", "id": 7, "version": "1"}"#.utf8))
        #expect(problems.allSatisfy { $0.message.hasPrefix("needs the member") })
        #expect(problems.count == 10)
    }

    @Test func checkSummarizesAUsablePolicyAndListsTheMistakesOfAnother() throws {
        let good = PolicyCheck(bytes: LoadedPolicy.shippedBytes).summary
        #expect(good.first?.hasPrefix("ok: policy shipped, version 1, sha256 ") == true)
        #expect(good.contains { $0.contains("general [everything]: none resell, minor refurbish") })
        let bad = PolicyCheck(bytes: try Self.changed("id: shipped", to: "id: S")).summary
        #expect(bad.first == "policy file has 1 mistake:")
        #expect(bad.count == 2)
    }
}

/// docs/policy.md shows what works.
struct DocumentedPolicyTests {
    @Test func workedExampleDecidesAsThePageSays() throws {
        let rule = try DocumentedExample.first(of: "yaml", in: "docs/policy.md")
        let bytes = try PolicyFileTests.changed(
            "  - id: general\n", to: rule + "\n  - id: general\n")
        let policy = try LoadedPolicy(bytes: bytes).policy
        func applying(_ minorUnits: Int) -> PolicyRule {
            policy.rule(
                category: "phone", region: "US",
                value: Money(minorUnits: minorUnits, currency: "USD"))
        }
        #expect(applying(8_000).id == "cheap_phones_us")
        #expect(applying(8_000).outcomes[.minor] == .resell)
        #expect(applying(8_000).minimumConfidence == [.resell: 0.9])
        #expect(applying(12_000).id == "general")
    }

    @Test func pageListsEveryGate() throws {
        let page = try String(
            contentsOf: Repository.root.appending(path: "docs/policy.md"), encoding: .utf8)
        let never: Set<ReasonCode> = [.randomAuditSample, .customerAppeal]
        let gates = ReasonCode.allCases.filter {
            !never.contains($0) && !ReasonCode.reviewerCodes.contains($0)
                && !$0.rawValue.hasSuffix("_visible") && !$0.rawValue.hasPrefix("photo_")
        }
        for gate in gates { #expect(page.contains("`\(gate.rawValue)`"), "\(gate.rawValue)") }
    }
}
