import Foundation
import TestSupport
import Testing

/// `regrade reference`: enrolling, listing and removing from the command line.
struct ReferenceCommandTests {
    private let box = Repository.fixtures.appending(path: "box-intact.jpg").path
    private let label = Repository.fixtures.appending(path: "box-crushed-corner-label.jpg").path

    @Test func photosComeAreListedAndGo() async throws {
        let data = try DataDirectory()
        let added = try await data.regrade(
            "reference", "add", "--sku", "BOX-1", "--view", "front", box, label, "--json")
        #expect(added.status == 0, "\(added.messages)")
        let photos = try jsonLines(added.standardOutput)
        #expect(photos.count == 2 && photos.allSatisfy { $0["sku"] as? String == "BOX-1" })
        #expect(photos.allSatisfy { $0["role"] as? String == "catalogue" })
        let ids = photos.compactMap { $0["id"] as? String }

        let again = try await data.regrade(
            "reference", "add", "--sku", "BOX-1", "--view", "front", box)
        #expect(again.text.trimmingCharacters(in: .newlines) == ids[0])
        #expect(again.messages.contains("0 added, 1 there already"))

        let products = try await data.regrade("reference", "list")
        #expect(products.text.hasPrefix("BOX-1  2 photos  0 of orders  version 1"))
        let list = try await data.regrade("reference", "list", "--sku", "BOX-1")
        #expect(list.text.split(separator: "\n").count == 2 && list.text.contains(ids[1]))
        let shown = try await data.regrade("reference", "show", ids[0])
        #expect(shown.text.contains("BOX-1") && shown.text.contains("by operator host, version 1"))

        let judged = try await data.regrade("reference", "evaluate", "--sku", "BOX-1")
        let headline = "front: 2 photos, least p-value 0.333, 47 more for the policy's 0.02"
        #expect(judged.text.hasPrefix(headline) && judged.text.contains(ids[1]))
        let machine = try await data.regrade("reference", "evaluate", "--sku", "BOX-1", "--json")
        #expect(machine.text.hasPrefix(#"{"level":0.02,"needed":49,"sku":"BOX-1","views":[{"#))
        #expect(try await data.regrade("reference", "evaluate", "--sku", "X").status == 66)

        let removed = try await data.regrade("reference", "remove", "--sku", "BOX-1", ids[0])
        #expect(removed.text == "1 removed\n")
        #expect(try await data.regrade("reference", "show", ids[0]).status == 66)
        #expect(
            try await data.regrade("reference", "remove", "--sku", "BOX-1", "--all").text
                == "1 removed\n")
        let nothing = try await data.regrade("reference", "remove", "--sku", "BOX-1", "--all")
        #expect(nothing.status == 66)
        #expect(try await data.regrade("audit", "verify").status == 0)
    }

    @Test(
        arguments: [
            (["add", "--sku", "B", "no-such-file.jpg"], 66),
            (["add", "--sku", "B", "not-a-photo.jpg"], 65),
            (["add", "--sku", "B", "--role", "pristine", "box-dark-and-blurred.jpg"], 65),
            (["add", "--sku", "B", "--role", "pristine", "phone-cut-short.jpg"], 65),
            (["add", "--sku", "B", "--order-id", "1", "box-intact.jpg"], 64),
            (["add", "--sku", "B"], 64),
            (["add", "box-intact.jpg"], 64),
            (["add", "--sku", "B", "--role", "best", "box-intact.jpg"], 64),
            (["add", "--sku", "B", "--from", "insp_1"], 64),
            (["remove", "--sku", "B"], 64),
            (["remove", "--sku", "B", "--all", "--order-id", "1"], 64),
        ] as [([String], Int32)])
    func whatCannotBeMeantIsRefused(arguments: [String], status: Int32) async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("reviewer", "add", "ada")
        let paths = arguments.map { argument in
            argument.hasSuffix(".jpg")
                ? Repository.fixtures.appending(path: argument).path : argument
        }
        let output = try await RepositoryProgram.run(
            ["reference"] + paths + ["--data", data.path])
        #expect(output.status == status, "\(output.messages)")
        #expect(output.text.isEmpty && !output.messages.isEmpty)
        #expect(try await data.regrade("reference", "list").text.isEmpty)
    }

    @Test func whatAPersonResoldCanStandForTheProduct() async throws {
        let data = try DataDirectory()
        _ = try await data.regrade("reviewer", "add", "ada")
        let inspected = try await data.regrade(
            "inspect", "--view", "front=\(box)", "--sku", "BOX-1", "--order-id", "o-1", "--json")
        let object =
            try JSONSerialization.jsonObject(with: inspected.standardOutput) as? [String: Any]
        let id = try #require(object?["id"] as? String)
        let early = try await data.regrade("reference", "add", "--from", id)
        #expect(early.status == 64 && early.messages.contains("decided resell"))

        let leased = try await data.regrade("review", "next", "--reviewer", "ada", "--json")
        let task =
            try JSONSerialization.jsonObject(with: leased.standardOutput) as? [String: Any] ?? [:]
        let decided = try await data.regrade(
            "review", "decide", try #require(task["task"] as? String), "resell", "--lease",
            try #require(task["lease"] as? String), "--reviewer", "ada", "--reason",
            "review_agrees")
        #expect(decided.status == 0, "\(decided.messages)")

        let other = try await data.regrade("reference", "add", "--from", id, "--sku", "BOX-2")
        #expect(other.status == 64)
        let added = try await data.regrade("reference", "add", "--from", id, "--json")
        #expect(added.status == 0, "\(added.messages)")
        let photo = try #require(try jsonLines(added.standardOutput).first)
        #expect(photo["role"] as? String == "pristine" && photo["inspection"] as? String == id)

        // The person asks for erasure: what was taken from the case goes with it.
        let erased = try await data.regrade("case", "erase", id, "--json")
        #expect(erased.status == 0, "\(erased.messages)")
        #expect(try await data.regrade("reference", "list").text.isEmpty)
    }
}
