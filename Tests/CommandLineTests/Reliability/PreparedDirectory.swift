import CaseStore
import Foundation
import ReturnsDomain
import TestSupport

/// A data directory with some cases that wait for a person, made without the network, to be copied
/// for each trial.
struct PreparedDirectory {
    private let folder: TemporaryFolder
    let inspections: [InspectionID]

    /// - Parameter caseCount: How many cases wait.
    init(caseCount: Int) async throws {
        folder = try TemporaryFolder()
        let url = folder.file("data")
        inspections = try await Self.fill(url, caseCount: caseCount)
        // The record's files change once more when the store that filled it has let go of them.
        let log = url.appending(path: "regrade.sqlite-wal").path
        for _ in 0..<500 where FileManager.default.fileExists(atPath: log) {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private static func fill(_ url: URL, caseCount: Int) async throws -> [InspectionID] {
        // One real inspection, recorded over and over under new ids.
        let output = try await RepositoryProgram.run([
            "inspect", Fixtures.photo.path, "--category", "toy", "--order-id", "order-1", "--json",
        ])
        let line = Data(output.standardOutput.prefix { $0 != UInt8(ascii: "\n") })
        let document = try JSONDecoder().decode(Adjudication.self, from: line)
        let store = try await CaseStore.open(at: url)
        var inspections: [InspectionID] = []
        let photo = try Data(contentsOf: Fixtures.photo).prefix(20_000)
        for number in 0..<caseCount {
            let id = InspectionID(at: .now)
            inspections.append(id)
            try await store.record([
                InspectionRecord(
                    adjudication: document.copy(id: id, orderID: "order-\(number)"),
                    statement: "statement \(number)", consent: nil,
                    photos: [
                        ReceivedPhoto(
                            index: 0, sha256: document.photos[0].sha256, byteCount: photo.count,
                            view: .other, format: "jpeg", width: 1, height: 1,
                            removedMetadata: [], keptBytes: photo)
                    ],
                    reviewTask: ReviewTaskDraft(
                        priority: Double(number), dueAt: .now, reasons: [.confidenceBelowThreshold])
                )
            ])
        }
        _ = try await store.addReviewer(name: "kim")
        try await store.export()
        return inspections
    }

    /// A copy of its own for one trial.
    func copy(to target: URL) throws {
        try FileManager.default.copyItem(at: folder.file("data"), to: target)
    }
}

extension Adjudication {
    /// The same finding for another case, to be decided by a person.
    fileprivate func copy(id: InspectionID, orderID: String) -> Adjudication {
        var order = order
        order.orderID = orderID
        return Adjudication(
            id: id, createdAt: createdAt, decidedBy: .machine, order: order,
            decision: Decision(
                outcome: .humanReview, recommended: decision.recommended,
                severity: decision.severity, confidence: decision.confidence,
                predictionSet: decision.predictionSet, reasons: decision.reasons,
                remedy: decision.remedy, rule: decision.rule),
            probabilities: probabilities, damage: damage, rationale: rationale, photos: photos,
            undecodablePhotos: undecodablePhotos, automation: automation, model: model,
            policy: policy)
    }
}
