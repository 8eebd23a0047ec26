import CaseStore
import Foundation
import ReturnsDomain

/// A case whose every personal datum can be told from all others, and searched for.
struct PersonalCase {
    let record: InspectionRecord
    let photo: Data
    let item: BatchItem?

    var id: InspectionID { record.adjudication.id }

    /// What must not be found once the case is erased.
    var traces: [String] {
        let order = record.adjudication.order
        return [order.orderID, order.customerRef, order.carrier, record.statement].compactMap { $0 }
            + record.adjudication.photos.map(\.sha256.description)
            + [record.adjudication.rationale.reviewer]
            + (item.map { [$0.item] + $0.paths } ?? [])
    }

    /// Draws a case.
    init(
        using random: inout some RandomNumberGenerator, run: BatchRunID? = nil,
        region: String = "DE", createdAt: Timestamp = .now, outcome: Outcome = .humanReview
    ) {
        let number = String(random.next(), radix: 36)
        let digest = (0..<4).map { _ in
            let digits = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        photo = Data("picture-\(number)-".utf8) + Data(repeating: 7, count: 3000)
        item = run.map {
            BatchItem(
                run: $0, item: "returns/box-\(number)/front.jpg", fingerprint: digest,
                paths: ["returns/box-\(number)/front.jpg"])
        }
        let words = String(repeating: "worn ", count: Int.random(in: 1...400, using: &random))
        let adjudication = Adjudication.fixture(
            outcome: outcome, orderID: "order-\(number)", id: InspectionID(at: createdAt),
            customerRef: "customer-\(number)",
            photoHash: ContentHash(digest) ?? .fixture("e"), region: region,
            carrier: "carrier-\(number)", createdAt: createdAt, note: "note-\(number) \(words)")
        record = InspectionRecord(
            adjudication: adjudication, statement: "statement-\(number)", consent: "notice-1",
            photos: [
                ReceivedPhoto(
                    index: 0, sha256: ContentHash(digest) ?? .fixture("e"), byteCount: 1234,
                    view: .front, format: "jpeg", width: 640, height: 480,
                    removedMetadata: ["gps"], keptBytes: photo)
            ],
            reviewTask: outcome == .humanReview
                ? ReviewTaskDraft(
                    priority: 10, dueAt: createdAt.advanced(by: .seconds(86_400)),
                    reasons: [.confidenceBelowThreshold]) : nil,
            batchItem: item)
    }
}

extension TemporaryDirectory {
    /// The names of the files that hold any of these texts.
    func filesHolding(_ texts: [String]) throws -> [String] {
        try contents().flatMap { path, bytes in
            texts.filter { path.contains($0) || bytes.holds($0) }
                .map { "\($0.prefix(60)) in \(path)" }
        }.sorted()
    }
}

extension Data {
    /// Whether a text stands anywhere in these bytes.
    func holds(_ text: String) -> Bool { range(of: Data(text.utf8)) != nil }
}
