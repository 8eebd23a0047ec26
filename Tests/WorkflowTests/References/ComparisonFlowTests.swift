import CaseStore
import Foundation
import Imaging
import Reporting
import ReturnsDomain
import TestSupport
import Testing
import Workflow

/// Enrolment, comparison, the wrong item, before and after, erasure: with the shipped model.
struct ComparisonFlowTests {
    private let folder: TemporaryFolder
    private let casebook: Casebook
    private let inspector: Inspector

    init() async throws {
        folder = try TemporaryFolder()
        casebook = try await Casebook.open(
            directory: folder.file("data").path, creating: true, warn: { _ in })
        var settings = Settings()
        settings.workerCount = 1
        inspector = try Inspector(settings: settings)
    }

    private func picture(_ name: String) throws -> RGBImage {
        let bytes = try Data(contentsOf: Repository.fixtures.appending(path: name))
        return try PhotoDecoder().decode(
            [UInt8](bytes), covering: PixelSize(width: 400, height: 400)
        ).image
    }

    /// The picture with other light, as another photo of the same item.
    private func lit(_ image: RGBImage, by percent: Int) throws -> [UInt8] {
        let pixels = image.pixels.map { UInt8(min(255, Int($0) * percent / 100)) }
        return try JPEGEncoder().encode(
            RGBImage(width: image.width, height: image.height, pixels: pixels))
    }

    /// The picture with a small striped hole in the middle.
    private func holed(_ image: RGBImage) throws -> [UInt8] {
        var pixels = image.pixels
        for row in image.height * 47 / 100..<image.height * 53 / 100 {
            for column in image.width * 47 / 100..<image.width * 53 / 100 {
                let isStripe = (row / 6 + column / 6).isMultiple(of: 2)
                for channel in 0..<3 {
                    pixels[(row * image.width + column) * 3 + channel] = isStripe ? 0 : 230
                }
            }
        }
        return try JPEGEncoder().encode(
            RGBImage(width: image.width, height: image.height, pixels: pixels))
    }

    private func add(
        _ photos: [[UInt8]], to sku: String, role: ReferenceRole = .catalogue,
        order: String? = nil, view: PhotoView = .front
    ) async throws {
        let submission = try ReferenceSubmission(
            sku: sku, role: role, orderID: order,
            photos: photos.map { SubmittedPhoto(bytes: $0, view: view) })
        let added = try await casebook.addReferences(submission, by: inspector)
        #expect(added.newCount == photos.count)
    }

    private func inspected(
        _ photo: [UInt8], sku: String, order: String? = nil, carrier: String? = nil,
        view: PhotoView = .front
    ) async throws -> (item: InspectedItem, answer: Adjudication) {
        var data = OrderData()
        data.sku = sku
        data.orderID = order
        data.carrier = carrier
        return try await casebook.inspectAndRecord(
            ItemSubmission(photos: [SubmittedPhoto(bytes: photo, view: view)], order: data),
            by: inspector, keepsPhotos: true)
    }

    @Test func itemsAreComparedWithTheirProduct() async throws {
        let box = try picture("box-intact.jpg")
        let first = try await inspected(lit(box, by: 100), sku: "BOX")
        #expect(first.answer.comparison == nil && first.answer.timings?.comparison == 0)
        try await add([88, 94, 106, 112].map { try lit(box, by: $0) }, to: "BOX")

        let good = try await inspected(lit(box, by: 100), sku: "BOX")
        let comparison = try #require(good.answer.comparison)
        #expect(comparison.comparable && comparison.isRightItem && comparison.sku == "BOX")
        #expect(comparison.referenceCount == 4 && comparison.pValue > 0.2)
        #expect((good.answer.timings?.comparison ?? 0) > 0)
        let codes = good.answer.decision.reasons.map(\.code)
        #expect(!codes.contains(.unlikeReferences) && !codes.contains(.viewNotComparable))

        let broken = try await inspected(holed(box), sku: "BOX")
        let found = try #require(broken.answer.comparison)
        #expect(found.score > comparison.score && found.pValue <= comparison.pValue)
        let region = try #require(found.region)
        #expect(region.x < 0.5 && region.x + region.width > 0.5)
        #expect(region.y < 0.5 && region.y + region.height > 0.5)
        // The map that is drawn shows the place too.
        let map = try #require(broken.item.heatMaps.first)
        let middle = map.values[map.height / 2 * map.width + map.width / 2]
        #expect(middle > 0.3)
        // Another SKU and no SKU: nothing to compare with.
        #expect(try await inspected(lit(box, by: 100), sku: "X").answer.comparison == nil)
        // A side that no reference shows.
        let label = try await inspected(lit(box, by: 100), sku: "BOX", view: .label)
        #expect(label.answer.comparison == nil)
    }

    @Test func reviewersSeeWhereAnItemIsUnlikeItsReferences() async throws {
        let box = try picture("box-intact.jpg")
        try await add([88, 94, 106, 112].map { try lit(box, by: $0) }, to: "BOX")
        let broken = try await inspected(holed(box), sku: "BOX")
        #expect(broken.answer.decision.outcome == .humanReview)
        _ = try await casebook.addReviewer(name: "kim")
        let queue = LocalReviewQueue(casebook, wording: nil)
        let task = try #require(try await queue.waitingTasks(limit: 1).first)
        let photos = try await ShownPhotos(
            of: task, from: queue, reviewer: "kim", settings: Settings())
        var (joined, ofNetwork) = (photos, photos)
        try await joined.computeHeatMaps(with: inspector, comparedWith: queue.casebook)
        try await ofNetwork.computeHeatMaps(with: inspector, comparedWith: nil)
        let (seen, other) = (
            try #require(joined.picture(0, withHeatMap: true)),
            try #require(ofNetwork.picture(0, withHeatMap: true))
        )
        // The hole is in the middle.
        let middle = (seen.height / 2 * seen.width + seen.width / 2) * 3
        #expect(seen.pixels[middle..<middle + 3] != other.pixels[middle..<middle + 3])
    }

    @Test func anotherProductsItemIsToldApart() async throws {
        let box = try picture("box-intact.jpg")
        let car = try picture("vehicle-intact.jpg")
        try await add([90, 110].map { try lit(box, by: $0) }, to: "A-1")
        try await add([90, 110].map { try lit(car, by: $0) }, to: "A-2")
        let wrong = try await inspected(lit(car, by: 100), sku: "A-1")
        #expect(wrong.answer.comparison?.isRightItem == false)
        #expect(wrong.answer.decision.reasons.map(\.code).contains(.itemDoesNotMatch))
        #expect(wrong.answer.decision.outcome == .humanReview)
        let right = try await inspected(lit(car, by: 100), sku: "A-2")
        #expect(right.answer.comparison?.isRightItem == true)
    }

    @Test(arguments: [PhotoView.label, .packaging])
    func labelsAndPackagingTellTheItemAndNoDamage(view: PhotoView) async throws {
        // Two products whose labels differ.
        let one = try picture("box-crushed-corner-label.jpg")
        let two = try picture("phone-intact.jpg")
        try await add([90, 110].map { try lit(one, by: $0) }, to: "A-1", view: view)
        try await add([90, 110].map { try lit(two, by: $0) }, to: "A-2", view: view)
        let right = try await inspected(lit(one, by: 100), sku: "A-1", view: view)
        #expect(right.answer.comparison?.isRightItem == true)
        let wrong = try await inspected(lit(two, by: 100), sku: "A-1", view: view)
        #expect(wrong.answer.comparison?.isRightItem == false)
        #expect(wrong.answer.decision.reasons.map(\.code).contains(.itemDoesNotMatch))
        #expect(wrong.answer.decision.outcome == .humanReview)
        // What is like neither is neither: a customer's own box.
        let strange = try await inspected(
            lit(try picture("vehicle-intact.jpg"), by: 100), sku: "A-1", view: view)
        #expect(strange.answer.comparison?.isRightItem == true)
        // A hole in it is no damage to the item, nor is what happened to it on the way.
        try await add([lit(one, by: 95)], to: "A-1", role: .packing, order: "o-1", view: view)
        let torn = try await inspected(holed(one), sku: "A-1", order: "o-1", view: view)
        let comparison = try #require(torn.answer.comparison)
        #expect(comparison.pValue == 1 && comparison.region == nil && comparison.isRightItem)
        #expect(comparison.sincePacking == nil)
        let found = Set(torn.answer.decision.reasons.map(\.code))
        #expect(found.isDisjoint(with: [.unlikeReferences, .newSinceShipping]))
        // A side is not compared with labels.
        let front = try await inspected(lit(one, by: 100), sku: "A-1")
        #expect(front.answer.comparison == nil)
    }

    @Test func theOwnPackingPhotoTellsWhatIsNewSinceShipping() async throws {
        let box = try picture("box-intact.jpg")
        let packed = [try lit(box, by: 104), try lit(box, by: 96)]
        try await add(packed, to: "BOX", role: .packing, order: "o-1")
        let hurt = try await inspected(holed(box), sku: "BOX", order: "o-1", carrier: "DHL")
        #expect(hurt.answer.comparison?.sincePacking?.isChanged == true)
        #expect(hurt.answer.comparison?.sincePacking?.region != nil)
        #expect(hurt.answer.decision.reasons.map(\.code).contains(.newSinceShipping))
        let fine = try await inspected(lit(box, by: 98), sku: "BOX", order: "o-1")
        #expect(fine.answer.comparison?.sincePacking?.isChanged == false)
        // Another order's packing photo says nothing of this item.
        let other = try await inspected(lit(box, by: 98), sku: "BOX", order: "o-2")
        #expect(other.answer.comparison == nil)

        // The carrier's report knows of it, until it is erased.
        func claims() async throws -> KeyFigure? {
            try await casebook.report(since: nil, until: nil).sections.flatMap(\.figures)
                .first { $0.key == "new_since_shipping_DHL" }
        }
        let told = try await claims()
        #expect(told?.value == 1 && told?.n == 1)

        // The person asks for erasure: the packing photos go too.
        _ = try await casebook.erase([hurt.answer.id])
        #expect(try await claims() == nil)
        let after = try await inspected(lit(box, by: 96), sku: "BOX", order: "o-1")
        #expect(after.answer.comparison == nil)
    }

    @Test func evaluatingNamesTheOddOneAndHowManyAreMissing() async throws {
        let box = try picture("box-intact.jpg")
        try await add([88, 94, 106].map { try lit(box, by: $0) } + [holed(box)], to: "BOX")
        let evaluation = try await casebook.evaluateReferences(of: "BOX", by: inspector)
        let view = try #require(evaluation.views.first)
        #expect(evaluation.countNeeded == 49 && view.missingCount == 45)
        #expect(view.leastPValue == 0.2 && view.unusable.isEmpty && view.photos.count == 4)
        #expect(view.photos.map(\.isOdd) == [false, false, false, true])
        await #expect(throws: Failure.self) {
            try await casebook.evaluateReferences(of: "NONE", by: inspector)
        }
    }
}
