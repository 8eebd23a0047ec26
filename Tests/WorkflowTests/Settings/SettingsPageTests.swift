import Foundation
import TestSupport
import Testing
import Workflow

/// `docs/operating.md` names every setting, and no setting that is none.
struct SettingsPageTests {
    private static func page() throws -> String {
        try String(
            contentsOf: Repository.root.appending(path: "docs/operating.md"), encoding: .utf8)
    }

    @Test func everySettingIsInThePage() throws {
        let page = try Self.page()
        for key in Settings.keys {
            #expect(page.contains("`\(key)`") || page.contains(".\(key)`"), "\(key)")
        }
    }

    @Test func whatThePageCallsASettingIsOne() throws {
        let page = try Self.page()
        let table = try #require(
            page.split(separator: "| setting | default | what it is |").last?
                .split(separator: "\n\n").first)
        let named = table.split(separator: "\n").dropFirst().flatMap { row in
            (row.split(separator: "|").first ?? "").matches(of: #/`(\w+)`/#)
                .map { String($0.output.1) }
        }
        #expect(named.count > 20 && Set(named).subtracting(Settings.keys) == [])
        // Of these types every limit is a setting by its own name.
        let limits = page.matches(of: #/(?m)^\| `(?:ServingSettings|DecodingLimits)\.(\w+)`/#)
            .map { String($0.output.1) }
        #expect(limits.count > 15 && Set(limits).subtracting(Settings.keys) == [])
        // The remedies turn settings.
        let runbook = try #require(page.split(separator: "### Runbook").last)
        let turned = runbook.matches(of: #/`(\w+Limit)`/#).map { String($0.output.1) }
        #expect(turned.count > 3 && Set(turned).subtracting(Settings.keys) == [])
    }
}
