import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// What the service finds odd: photos seen before, and products that come back more than they did.
struct DoubtTests {
    @Test func aPhotoOfAnotherOrderIsSeenAgainEverywhere() async throws {
        let served = try await ServedData()
        let first = try await served.post(
            [Photo.box], order: #"{"order_id":"A-1","category":"box"}"#, key: "1")
        let again = try await served.post(
            [Photo.mug, Photo.box], order: #"{"order_id":"A-2","category":"box"}"#, key: "2")
        let earlier = try #require(first.object["id"] as? String)
        let path = try #require(again.headers["Location"])
        #expect(String(decoding: again.body, as: UTF8.self).contains("photo_seen_before"))

        let view = try await served.send("GET", path)
        let seen = try #require(view.object["seen_before"] as? [[String: Any]])
        #expect(seen.count == 1 && seen.first?["inspection"] as? String == earlier)
        #expect(seen.first?["photo"] as? Int == 1 && seen.first?["distance"] == nil)
        #expect(seen.first?["seen_at"] as? String == first.object["created_at"] as? String)
        let own = try await served.send("GET", try #require(first.headers["Location"]))
        #expect((own.object["seen_before"] as? [Any])?.isEmpty == true)

        // The hand-over record says it too, leased or looked at, here and over HTTP.
        _ = try await RepositoryProgram.run(["reviewer", "add", "kim", "--data", served.dataPath])
        let review = try await served.signing(scope: "review")
            .merging(["Content-Type": "application/json"]) { $1 }
        var records: [[String: Any]] = []
        while true {
            let leased = try await served.send(
                "POST", "/v1/reviews/next", headers: review, body: Data(#"{"reviewer":"kim"}"#.utf8)
            )
            guard leased.status == 200 else { break }
            records.append(leased.object)
        }
        let mine = try #require(
            records.first { path.hasSuffix($0["inspection"] as? String ?? "?") })
        #expect((mine["seen_before"] as? [[String: Any]])?.count == 1)
        let task = try #require(mine["task"] as? String)
        let looked = try await served.send("GET", "/v1/reviews/\(task)", headers: review)
        #expect((looked.object["seen_before"] as? [[String: Any]])?.count == 1)
        for arguments in [["review", "show", task], ["case", "show", String(path.dropFirst(16))]] {
            let shown = try await RepositoryProgram.run(arguments + ["--data", served.dataPath])
            #expect(shown.text.contains("seen in \(earlier), "), "\(shown.text)")
            #expect(shown.text.contains(" ago, the same file"))
        }

        // With the earlier case its sightings go, and who has seen the page is told so.
        let tag = try #require(view.headers["ETag"])
        let known = try await served.send("GET", path, headers: ["If-None-Match": tag])
        #expect(known.status == 304)
        #expect(try await served.send("DELETE", "/v1/inspections/\(earlier)").status == 202)
        let after = try await served.send("GET", path, headers: ["If-None-Match": tag])
        #expect(after.status == 200 && (after.object["seen_before"] as? [Any])?.isEmpty == true)
        try await served.stop()
    }

    @Test func aRiseIsAnEventAMetricAndALogLineOfTheRunningService() async throws {
        let served = try await ServedData()
        try await served.stop()
        let store = try await CaseStore.open(at: URL(fileURLWithPath: served.dataPath))
        let now = Timestamp.now.millisecondsSince1970
        // Two a day for four weeks, then thirty within hours.
        let past = (0..<56).map { now - 86_400_000 * Int64(2 + $0 / 2) - 1 }
        let recent = (0..<30).map { now - 60_000 * Int64($0 + 1) }
        for (number, moment) in (past + recent).enumerated() {
            try await store.tamper(
                """
                INSERT INTO inspection (tenant, id, createdAt, outcome, decidedBy, sku)
                VALUES ('default', 'insp_\(number)', \(moment), 'reject', 'reviewer', 'lamp-3')
                """)
        }
        let again = try await ServedData(again: served)
        var events: [[String: Any]] = []
        for _ in 0..<100 where events.isEmpty {
            let feed = try await again.send("GET", "/v1/events?limit=100")
            events = (feed.object["events"] as? [[String: Any]] ?? []).filter {
                $0["type"] as? String == "regrade.early_warning.v1"
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        let measures = events.compactMap { ($0["data"] as? [String: Any])?["measure"] as? String }
        #expect(measures.sorted() == ["rejects", "submissions"])
        #expect(events.allSatisfy { $0["subject"] as? String == "sku/lamp-3" })
        let metrics = String(
            decoding: try await again.send("GET", "/metrics").body, as: UTF8.self)
        for measure in measures {
            #expect(metrics.contains("regrade_early_warnings_total{measure=\"\(measure)\"} 1\n"))
        }
        #expect(try await again.stop().messages.contains("early warning measure="))
        // The same rise is told once, also after a restart.
        let third = try await ServedData(again: served)
        let feed = try await third.send("GET", "/v1/events?limit=100")
        #expect(
            String(decoding: feed.body, as: UTF8.self)
                .ranges(of: "regrade.early_warning.v1").count == 2)
        try await third.stop()
    }

    @Test func whatReviewersOverrideIsCounted() async throws {
        let served = try await ServedData()
        let before = try await served.send("GET", "/metrics")
        #expect(
            String(decoding: before.body, as: UTF8.self)
                .contains("regrade_review_oldest_age_seconds 0\n"))
        let path = try await served.decided(order: #"{"category":"box"}"#)
        let inspection = try await served.send("GET", path)
        let adjudication = try #require(inspection.object["adjudication"] as? [String: Any])
        let recommended = try #require(adjudication["recommended"] as? String)
        for _ in 0..<2 {
            let text = String(
                decoding: try await served.send("GET", "/metrics").body, as: UTF8.self)
            let line = "regrade_review_overrides_total{from=\"\(recommended)\",to=\"resell\"} 1\n"
            #expect(text.contains(line) == (recommended != "resell"))
        }
        try await served.stop()
    }
}
