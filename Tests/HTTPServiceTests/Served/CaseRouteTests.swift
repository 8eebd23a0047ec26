import Foundation
import TestSupport
import Testing

/// What a portal and a warehouse do after the decision, against the built program over a socket.
struct CaseRouteTests {
    private static let json = "application/json"

    private func post(
        _ served: ServedData, _ path: String, _ body: String, key: String
    ) async throws -> Reply {
        try await served.send(
            "POST", path, headers: ["Content-Type": Self.json, "Idempotency-Key": key],
            body: Data(body.utf8))
    }

    @Test
    func anAppealIsOpenedOnceAndWaitsForAnotherPerson() async throws {
        let served = try await ServedData()
        let path = try await served.decided()
        let first = try await post(
            served, path + "/appeals", #"{"statement":"it arrived like this"}"#, key: "a")
        #expect(first.status == 201 && first.headers["Location"] == path)
        #expect((first.object["task"] as? String)?.hasPrefix("rev_") == true)
        let again = try await post(
            served, path + "/appeals", #"{"statement":"it arrived like this"}"#, key: "a")
        #expect(again.body == first.body && again.headers["Idempotency-Replayed"] == "true")
        #expect(
            try await post(served, path + "/appeals", "{}", key: "a").code
                == "idempotency_key_reused")
        #expect(try await post(served, path + "/appeals", "{}", key: "b").code == "review_pending")
        // Refused now, not for ever: the key is free again.
        #expect(try await post(served, path + "/appeals", "{}", key: "b").status == 409)

        let tasks = try await served.send(
            "GET", "/v1/reviews", headers: try await served.signing(scope: "review"))
        let reviews = try #require(tasks.object["reviews"] as? [[String: Any]])
        #expect(reviews.first?["reasons"] as? [String] == ["customer_appeal"])
        try await served.stop()
        let lines = try served.auditLines()
        #expect(lines.count { $0.contains("appeal_opened") && $0.contains("\"key\"") } == 1)
    }

    @Test
    func theWarehouseStatesWhatItFound() async throws {
        let served = try await ServedData()
        let path = try await served.decided()
        let body = """
            {"outcome":"refurbish","severity":"minor","types":["scratch","dent"],
            "resale_value":{"minor_units":1200,"currency":"EUR"}}
            """
        let first = try await post(served, path + "/truth", body, key: "t")
        #expect(first.status == 201 && first.object["types"] as? [String] == ["scratch", "dent"])
        let again = try await post(served, path + "/truth", body, key: "t")
        #expect(again.body == first.body && again.headers["Idempotency-Replayed"] == "true")
        let mistakes = try await post(
            served, path + "/truth",
            #"{"outcome":"retake","types":["x"],"resale_value":{"currency":"eur"},"grade":"A"}"#,
            key: "u")
        #expect(mistakes.status == 400)
        let errors = try #require(mistakes.object["errors"] as? [[String: Any]])
        #expect(
            Set(errors.compactMap { $0["pointer"] as? String }) == [
                "/outcome", "/types/0", "/resale_value/currency", "/resale_value/minor_units",
                "/grade",
            ])
        #expect(try await post(served, path + "/truth", "{}", key: "v").code == "malformed_request")
        try await served.stop()
        #expect(try served.auditLines().count { $0.contains("truth_recorded") } == 1)
    }

    @Test
    func aReceiptVerifiesWithNothingButThePublicKeyAndIsLoggedOnce() async throws {
        let served = try await ServedData()
        let path = try await served.decided()
        let receipt = try await served.send("GET", path + "/receipt")
        #expect(receipt.status == 200)
        let again = try await served.send("GET", path + "/receipt")
        #expect(again.status == 200)
        try await served.stop()
        #expect(try served.auditLines().count { $0.contains("\"what\":\"receipt\"") } == 1)

        let head = try await RepositoryProgram.run([
            "audit", "head", "--key", "--data", served.dataPath,
        ])
        let key = try served.folder.write(head.standardOutput, to: "log.pub")
        let file = try served.folder.write(receipt.body, to: "receipt.json")
        let checked = try await RepositoryProgram.run([
            "audit", "check-receipt", file.path, "--public-key", key.path,
        ])
        #expect(checked.status == 0, "\(checked.text)\(checked.messages)")
        let id = try #require(path.split(separator: "/").last)
        #expect(checked.text.contains(id))
        let forged = try served.folder.write(
            Data(
                String(decoding: receipt.body, as: UTF8.self).replacing("resell", with: "reject")
                    .utf8), to: "forged.json")
        let refused = try await RepositoryProgram.run([
            "audit", "check-receipt", forged.path, "--public-key", key.path,
        ])
        #expect(refused.status == 65)
    }

    @Test
    func erasureIsForGoodWhileTheServiceRuns() async throws {
        let served = try await ServedData()
        let order = #"{"order_id":"ORDER-OF-ERASED","customer_ref":"PERSON-OF-ERASED"}"#
        let posted = try await served.post([Photo.box], order: order, key: "ORDER-KEY-ERASED")
        let path = try #require(posted.headers["Location"])
        let id = try #require(path.split(separator: "/").last)
        #expect(try await served.send("GET", path + "/photos/0").status == 200)

        let on = try await RepositoryProgram.run([
            "case", "hold", "on", String(id), "--reference", "file 7", "--data", served.dataPath,
        ])
        #expect(on.status == 0, "\(on.messages)")
        #expect(try await served.send("DELETE", path).code == "legal_hold")
        _ = try await RepositoryProgram.run([
            "case", "hold", "off", String(id), "--data", served.dataPath,
        ])
        let erased = try await served.send("DELETE", path)
        #expect(erased.status == 202)
        #expect(erased.object["schema"] as? String == "regrade.erasure-receipt/1")
        for gone in ["", "/photos/0", "/receipt"] {
            let reply = try await served.send("GET", path + gone)
            #expect(reply.status == 410 && reply.code == "erased", "\(gone)")
        }
        #expect(try await served.send("DELETE", path).status == 410)
        #expect(try await post(served, path + "/appeals", "{}", key: "a").status == 410)
        #expect(
            try await served.post([Photo.box], order: order, key: "ORDER-KEY-ERASED").status == 410)

        // The running service holds on to nothing: not in its log, its files or its database.
        let texts = ["ORDER-OF-ERASED", "PERSON-OF-ERASED", "ORDER-KEY-ERASED"]
        #expect(try await served.traces(of: texts) == [])
        let output = try await served.stop()
        #expect(!output.messages.contains("ERASED"))
        let lines = try served.auditLines()
        #expect(lines.contains { $0.contains("\"kind\":\"erased\"") && $0.contains("\"key_") })
        let verified = try await RepositoryProgram.run([
            "audit", "verify", "--data", served.dataPath,
        ])
        #expect(verified.status == 0, "\(verified.text)")
    }

    @Test
    func whatIsNotThereOrNotDoneOrAnothersIsRefused() async throws {
        let served = try await ServedData()
        let other = try await ServedData.createKey(data: served.dataPath, tenant: "other")
        let reviewing = try await served.signing(scope: "review")
        let path = try await served.decided()
        let unknown = "/v1/inspections/insp_01M7XYMKW3BMKE41MBTZB2B28W"
        let failed = try await served.post(
            [Data("x".utf8)], key: "f", headers: ["Prefer": "respond-async"])
        let failedPath = try #require(failed.headers["Location"])
        _ = try await served.send("GET", failedPath + "?wait=30")
        let calls: [(method: String, path: String)] = [
            ("POST", "/appeals"), ("POST", "/truth"), ("GET", "/receipt"), ("DELETE", ""),
        ]
        for (number, call) in calls.enumerated() {
            func send(_ path: String, _ signing: [String: String] = [:]) async throws -> Reply {
                let body = call.path == "/truth" ? #"{"outcome":"resell"}"# : "{}"
                let own = ["Content-Type": Self.json, "Idempotency-Key": "k\(number)"]
                return try await served.send(
                    call.method, path + call.path, headers: own.merging(signing) { $1 },
                    body: call.method == "POST" ? Data(body.utf8) : nil)
            }
            #expect(try await send(unknown).code == "inspection_not_found", "\(call)")
            #expect(try await send(failedPath).code == "inspection_failed", "\(call)")
            // Another tenant's case does not exist.
            let foreign = try await send(path, ["Authorization": "Bearer \(other)"])
            #expect(foreign.code == "inspection_not_found", "\(call)")
            #expect(try await send(path, reviewing).code == "scope_missing", "\(call)")
        }
        #expect(try await served.send("GET", path).status == 200)
        let keyless = try await served.send(
            "POST", path + "/appeals", headers: ["Content-Type": Self.json], body: Data("{}".utf8))
        #expect(keyless.code == "idempotency_key_missing")
        try await served.stop()
    }
}
