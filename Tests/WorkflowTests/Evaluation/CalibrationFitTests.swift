import Foundation
import ReturnsDomain
import Statistics
import TestSupport
import Testing
import Workflow

struct CalibrationFitTests {
    private func fit(
        _ photos: [JudgedPhoto], risk: String = "resell=0.05", confidence: Double = 0.9
    ) throws -> CalibrationFit {
        try CalibrationFit(
            photos, base: SyntheticPhotos.calibration(), policy: SyntheticPhotos.policy(),
            request: CalibrationRequest(
                risks: CalibrationRequest.risks(risk), confidence: confidence, coverage: 0.9),
            at: .now)
    }

    @Test func whatIsShownIsAdmittedAndTheFileIsAccepted() throws {
        let found = try fit(SyntheticPhotos.photos(1500))
        let cell = try #require(found.cells.first { $0.category == "vehicle" })
        let step = try #require(cell.admitted)
        let risk = Proportion(successCount: step.errors.successCount, count: step.errors.count)
        #expect(risk.upperBound(confidence: 0.9) <= 0.05)
        #expect(found.calibration.problems().isEmpty)
        #expect(found.calibration.schema == "regrade.calibration/2")
        let admitted = try #require(
            found.calibration.admission(category: "vehicle", outcome: .resell))
        #expect(admitted.n == step.errors.count && admitted.threshold == step.threshold)
        #expect(found.calibration.admission(category: "vehicle", outcome: .refurbish) == nil)
        // The logits are right as they are.
        #expect(found.calibration.severity.temperatures.prefix(2).allSatisfy { (0.6...1.6) ~= $0 })
        #expect(found.calibration.n == 1500)
    }

    @Test func tooFewCasesAdmitNothingAndSayHowManyAreMissing() throws {
        let found = try fit(SyntheticPhotos.photos(60), risk: "resell=0.01", confidence: 0.95)
        let cell = try #require(found.cells.first)
        #expect(cell.admitted == nil && cell.neededCount == 299)
        #expect(cell.missingCount == 299 - cell.n)
        #expect(found.calibration.automated.isEmpty)
        #expect(found.calibration.refused?.first?.missing == cell.missingCount)
        #expect(found.calibration.problems().isEmpty)
        #expect(found.notes.contains { $0.contains("novelty quantiles are taken over") })
    }

    @Test func statementsShareTheConfidence() throws {
        let photos =
            SyntheticPhotos.photos(1500) + SyntheticPhotos.photos(1500, category: "phone", seed: 9)
        let found = try fit(photos, risk: "resell=0.05,reject=0.1")
        #expect(found.calibration.risk.statementCount == 4)
        let each = RiskLimit(errorRate: 0.05, significance: 0.1 / 4)
        for cell in found.cells where cell.outcome == .resell {
            #expect(cell.neededCount == each.leastCaseCount())
            #expect(cell.steps.allSatisfy { $0.isHeld == each.isHeld(by: $0.errors) })
        }
    }

    @Test func trainingPhotosAndTheirGroupsAreLeftOut() throws {
        let trained = SyntheticPhotos.photos(100, split: "train", groupSize: 2)
        let siblings = SyntheticPhotos.photos(100, groupSize: 2)
        let others = SyntheticPhotos.photos(300, category: "phone", seed: 5)
        let found = try fit(trained + siblings + others)
        #expect(found.calibration.n == 300)
        #expect(found.notes.contains { $0.contains("200 photos are training photos") })
        #expect(throws: Failure.self) { try fit(trained) }
    }

    @Test func onePhotoAGroupCounts() throws {
        let found = try fit(SyntheticPhotos.photos(400, groupSize: 4))
        #expect(found.calibration.n == 100)
        #expect(found.counts.planning + found.counts.testing == 100)
    }

    @Test func theOrderOfTheFileChangesNothing() throws {
        let photos = SyntheticPhotos.photos(400)
        let first = try fit(photos)
        let second = try fit(photos.reversed())
        #expect(first.cells == second.cells)
        #expect(
            first.calibration.predictionSet == second.calibration.predictionSet)
    }

    @Test func aMissingSplitIsWarnedOf() throws {
        let found = try fit(SyntheticPhotos.photos(300, split: nil))
        #expect(found.notes.contains { $0.contains("no column split") })
    }

    @Test(arguments: [
        ("resell", "is not OUTCOME=SHARE"), ("resell=1.5", "expected above 0 and below 1"),
        ("retake=0.1", "is not OUTCOME=SHARE"), ("", "state a risk"),
        ("resell=0.1,resell=0.2", "is not OUTCOME=SHARE"), ("resell=0", "above 0"),
    ])
    func risksThatMeanNothingAreRefused(text: String, message: String) {
        let error = #expect(throws: Failure.self) {
            try CalibrationRequest(
                risks: CalibrationRequest.risks(text), confidence: 0.9, coverage: 0.9)
        }
        #expect(error?.message.contains(message) == true, "\(text)")
    }
}
