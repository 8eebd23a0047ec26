import Foundation
import ReturnsDomain
import Statistics
import TestSupport
import Testing
import Workflow

struct EvaluationTests {
    private func evaluation(_ photos: [JudgedPhoto], mistakes: Int = 5) throws -> Evaluation {
        Evaluation(
            photos, unreadable: [], model: SyntheticPhotos.model,
            calibration: try SyntheticPhotos.calibration(), policy: try SyntheticPhotos.policy(),
            bootstrap: Bootstrap(resampleCount: 100), mistakeCount: mistakes)
    }

    @Test func everySliceIsThereAndCounted() throws {
        let photos =
            SyntheticPhotos.photos(200) + SyntheticPhotos.photos(100, category: "phone", seed: 2)
        let found = try evaluation(photos)
        #expect(
            found.slices.map { "\($0.kind) \($0.name) \($0.n)" } == [
                "all all 300", "category phone 100", "category vehicle 200", "source shop 150",
                "source web 150",
            ])
        let all = found.slices[0]
        #expect(try #require(all.auroc.value) > 0.9)
        #expect(all.damaged == photos.count { $0.label.isDamaged == true })
        for slice in found.slices {
            let value = try #require(slice.accuracy.value)
            #expect(try #require(slice.accuracy.interval).contains(value))
        }
        #expect(found.questions.map(\.n) == [300, 300])
        #expect(found.severities.map(\.n) == [300, 100, 200])
    }

    /// The label follows from the width alone: looking has to beat 1, and cannot.
    @Test func whatCanBeGuessedWithoutLookingIsSaid() throws {
        let found = try evaluation(SyntheticPhotos.photos(200))
        #expect(found.pixelFree.auroc.value == 1)
        #expect(found.pixelFree.features == ["category", "source", "width", "height"])
    }

    @Test func theSurestMistakesComeFirst() throws {
        let found = try evaluation(SyntheticPhotos.photos(300), mistakes: 7)
        let confidences = found.mistakes.map(\.confidence)
        #expect(confidences.count == 7 && confidences == confidences.sorted(by: >))
        #expect(found.mistakes.allSatisfy { $0.truth != $0.answer })
    }

    @Test func oneClassHasNoAreaAndAnExactInterval() throws {
        let intact = SyntheticPhotos.photos(200).filter {
            $0.label.isDamaged == false && $0.severityLogits[0] < 0
        }
        let found = try evaluation(intact)
        #expect(found.slices[0].auroc.value == nil)
        #expect(found.slices[0].recall.value == nil)
        let alarms = found.slices[0].falsePositiveRate
        #expect(alarms.value == 0 && alarms.method == .clopperPearson)
        #expect(
            alarms.interval
                == Proportion(successCount: 0, count: intact.count).clopperPearson())
        #expect(found.pixelFree.auroc.value == nil)
    }

    @Test func unlabelledPhotosDefineNothing() throws {
        let bare = SyntheticPhotos.photos(3).map { photo in
            JudgedPhoto(
                label: LabelledPhoto(
                    path: photo.label.path, place: .file(""), isDamaged: nil, severity: nil,
                    outcome: nil,
                    types: nil, category: nil, source: nil, group: photo.label.path, split: nil),
                width: 10, height: 10, isFit: true, severityLogits: photo.severityLogits,
                noveltyDistance: 0)
        }
        let found = try evaluation(bare)
        #expect(found.n == 3 && found.slices[0].n == 0 && found.severities.isEmpty)
        #expect(found.questions.allSatisfy { $0.n == 0 && $0.areaUnderRisk == nil })
        #expect(found.mistakes.isEmpty)
    }

    @Test func trainingPhotosAreCounted() throws {
        #expect(try evaluation(SyntheticPhotos.photos(10, split: "train")).trainingCount == 10)
    }

    @Test func theDocumentReadsBack() throws {
        let found = try evaluation(SyntheticPhotos.photos(60))
        let bytes = try EvaluationFiles(found).json()
        let read = try JSONDecoder().decode(Evaluation.self, from: bytes)
        #expect(read.slices == found.slices && read.questions == found.questions)
        #expect(read.schema == "regrade.evaluation/1")
    }
}
