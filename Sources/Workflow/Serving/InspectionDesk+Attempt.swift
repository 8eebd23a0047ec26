import CaseStore
import Foundation
public import ReturnsDomain

/// Other photos of an inspection whose photos were not good enough.
public struct Attempt: Sendable {
    /// The request that sends them.
    public let request: NamedRequest
    /// Which inspection.
    public let inspection: InspectionID
    /// The photos in order.
    public let photos: [WaitingSubmission.Photo]
    /// The language asked for, a BCP 47 tag; that of the earlier rationale if nil.
    public let locale: String?

    /// Creates an attempt.
    public init(
        request: NamedRequest, inspection: InspectionID, photos: [WaitingSubmission.Photo],
        locale: String?
    ) {
        self.request = request
        self.inspection = inspection
        self.photos = photos
        self.locale = locale
    }
}

extension InspectionDesk {
    /// Inspects an item anew with other photos and records it under the same id, within the
    /// request.
    ///
    /// The usable photos of earlier attempts count as well, so that nobody photographs damage away;
    /// those that were not usable stay as evidence and are replaced. Order data stay as they were.
    ///
    /// - Parameter wording: Makes the answers that are kept.
    /// - Throws: ``Failure`` as ``submit(_:wording:)``, and with codes `retake_not_asked`,
    ///   `attempt_limit_reached`, `earlier_photos_gone`.
    public func attempt(
        _ attempt: Attempt, wording: SubmissionWording
    ) async throws -> SubmissionResult {
        let deadline = ContinuousClock.now.advanced(
            by: .seconds(settings.serving.processingSecondsLimit))
        // Nobody stores an attempt for later: the client stands by with the camera.
        guard admit(prefersLater: false) != .refused else { throw Self.overloaded }
        defer { leave() }
        let store = store(of: attempt.request.tenant)
        return try await once(attempt.request, refused: wording.refused) {
            let next = try await store.nextAttempt(at: attempt.inspection)
            var item = ItemSubmission(attempt.photos, order: next.standing.order)
            item.firstPhotoIndex = next.firstPhotoIndex
            item.earlierPhotos = try await usablePhotos(of: next.standing, store: store)
            let inspected = try await inspected(
                item, store: store,
                terms: InspectionTerms(
                    id: attempt.inspection,
                    locale: attempt.locale ?? next.standing.rationale.locale, deadline: deadline))
            return try await record(inspected) { record, answer in
                try await store.record(
                    record, as: next, answering: attempt.request.key, with: answer)
            } answer: {
                try wording.recorded($0)
            }
        }
    }

    /// The earlier photos that a judgement may rest on.
    private func usablePhotos(
        of standing: Adjudication, store: CaseStore
    ) async throws -> [EarlierPhoto] {
        var photos: [EarlierPhoto] = []
        for photo in standing.photos where photo.quality.isUsable {
            let bytes: Data
            do {
                bytes = try await store.photo(photo.index, of: standing.id)
            } catch CaseStoreError.photoNotKept {
                throw Failure(
                    .usage, code: "earlier_photos_gone",
                    "photo \(photo.index) counts but was not kept; post the item anew with all "
                        + "photos")
            }
            photos.append(
                EarlierPhoto(
                    index: photo.index, sha256: photo.sha256, view: photo.view,
                    bytes: [UInt8](bytes)))
        }
        return photos
    }
}
