import Foundation
import TestSupport
import Testing

/// The rules that hold for every file of the repository.
///
/// Each rule carries examples that break it, so that a rule which can no longer fail is found out.
struct TidyTests {
    static let rules =
        SizeRules.all + WordingRules.all + ImportRules.all + DocumentRules.all

    @Test(arguments: rules)
    func theRepositoryKeepsTheRule(_ rule: TidyRule) {
        let violations = Checkout.textFiles.flatMap(rule.check)
        #expect(violations.isEmpty, "\(list(violations))")
    }

    @Test(arguments: rules)
    func theRuleCatchesItsPlantedViolations(_ rule: TidyRule) {
        #expect(!rule.planted.isEmpty && !rule.harmless.isEmpty)
        for file in rule.planted {
            #expect(rule.check(file).count == 1, "in \(file.path): \(file.text.prefix(200))")
        }
        for file in rule.harmless {
            #expect(rule.check(file).isEmpty, "in \(file.path): \(file.text.prefix(200))")
        }
    }

    @Test func theCheckoutIsSeen() {
        #expect(Checkout.textFiles.contains { $0.path == "Package.swift" })
        #expect(Checkout.textFiles.contains { $0.path == "Tests/TidyTests/TidyTests.swift" })
        #expect(Checkout.textFiles.contains { $0.path == ".ci/run" })
        #expect(!Checkout.entries.contains { $0.path.hasPrefix(".build") })
        #expect(!Checkout.entries.contains { $0.path.hasPrefix(".git/") })
    }

    private func list(_ violations: [Violation]) -> String {
        violations.map(\.description).joined(separator: "\n")
    }
}

/// Rules that need more than one file at a time.
struct RepositoryTests {
    @Test func relativeLinksResolve() {
        // A template's links hold where its page is written.
        let pages = Checkout.textFiles.filter { $0.isMarkdown && !$0.path.contains(".template.") }
        for page in pages {
            for link in DocumentRules.relativeLinks(in: page) {
                let resolves = Checkout.paths.contains(link.path)
                #expect(resolves, "\(page.path):\(link.line) points at \(link.target)")
            }
        }
    }

    @Test func linksAreFoundAndResolved() {
        let page = RepositoryFile(
            path: "docs/a/b.md",
            text: """
                # Title
                [one](../c.md#part), [two](https://example.com/x.md), [three](#here)
                ![four](pictures/d.png) and [five](../../README.md)
                ```
                [six](in-a-fence.md)
                ```
                """)
        #expect(
            DocumentRules.relativeLinks(in: page).map(\.path)
                == ["docs/c.md", "docs/a/pictures/d.png", "README.md"])
    }

    @Test func onlyModelsAndFixturesAreLarge() {
        for entry in Checkout.entries where entry.byteCount > Checkout.byteCountLimit {
            #expect(
                entry.path.hasPrefix("models/") || entry.path.hasPrefix("fixtures/"),
                "\(entry.path) has \(entry.byteCount) bytes")
        }
    }

    @Test func theFixturesStaySmall() {
        let byteCount = Checkout.entries.filter { $0.path.hasPrefix("fixtures/") }
            .reduce(0) { $0 + $1.byteCount }
        #expect(byteCount < 6 << 20)
    }

    @Test func everyLimitIsInTheOperatorsPage() {
        let page = Checkout.textFiles.first { $0.path == "docs/operating.md" }?.text ?? ""
        let violations = Checkout.textFiles.filter { $0.isSwift && $0.isBelow("Sources") }
            .flatMap { LimitRules.undocumented(in: $0, page: page) }
        #expect(violations.isEmpty, "\(violations)")
    }

    @Test func aLimitThatIsNotInThePageIsFound() {
        let file = RepositoryFile(
            path: "Sources/A/B.swift",
            text: """
                public struct Photos {
                    public static let photoCountLimit = 12
                    public var sideLimit: Int
                    public var isLimit: Bool { false }
                    let internalLimit = 3
                    public func check(sideLimit: Int) {}
                }
                """)
        #expect(
            LimitRules.publicLimits(in: file).map(\.name)
                == ["Photos.photoCountLimit", "Photos.sideLimit"])
        let page = "| `Photos.photoCountLimit` | 12 | `Other.sideLimit` |"
        #expect(LimitRules.undocumented(in: file, page: page).map(\.line) == [3])
    }

    @Test func everyScriptIsExecutable() {
        let scripts = Checkout.entries.filter {
            let parts = $0.path.split(separator: "/")
            return parts.count == 2 && (parts[0] == "scripts" || parts[0] == ".ci")
                && !parts[1].contains(".")
        }
        #expect(scripts.contains { $0.path == "scripts/test" })
        for script in scripts {
            #expect(script.isExecutable, "\(script.path) is not executable")
        }
    }
}
