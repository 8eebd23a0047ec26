import Foundation
import Imaging
import Inspection
import ReturnsDomain

extension Inspector {
    /// What a case's photos were compared with, as those references are now; nil if with nothing.
    ///
    /// - Parameter casebook: Where the references lie; nil if they are out of reach.
    func references(
        of adjudication: Adjudication, in casebook: Casebook?
    ) async throws -> ItemReferences? {
        guard adjudication.comparison != nil, let casebook else { return nil }
        return try await Casebook.failing {
            try await library(of: casebook.store)?.references(for: adjudication.order)
        }
    }

    /// Reads, decodes and strips photos that are to be references.
    ///
    /// - Throws: ``Failure`` of kind `badInput` naming the first photo that is no picture, is
    ///   damaged, or is not fit for judging: what a good item looks like must be plain to see.
    func references(of submission: ReferenceSubmission) async throws -> [NewReferencePhoto] {
        try await concurrentMap(submission.photos, width: 2 * workers.workerCount) {
            [workers, limits] index, photo in
            let received = try await workers.perform { inspector in
                try Self.reference(
                    photo, role: submission.role, index: index, limits: limits,
                    inspector: inspector)
            }
            return NewReferencePhoto(
                role: submission.role, orderID: submission.orderID, photo: received)
        }
    }

    private static func reference(
        _ photo: SubmittedPhoto, role: ReferenceRole, index: Int, limits: DecodingLimits,
        inspector: PhotoInspector
    ) throws -> ReceivedPhoto {
        let bytes = try photo.bytes ?? PhotoIntake.bytes(of: photo.path, limits: limits)
        let name = photo.path.isEmpty ? "photo \(index)" : photo.path
        let assessment: PhotoAssessment
        switch Result(catching: { () throws(PhotoInspectionError) in
            try inspector.assess(bytes, index: index, view: photo.view).0
        }) {
        case .success(let found): assessment = found
        case .failure(let error): throw Self.failure(error, index: index)
        }
        // Catalogue pictures stand on white and fill the frame as no photo of a customer does.
        let issues = role == .catalogue ? [] : assessment.quality.issues.map(\.rawValue)
        guard !assessment.isDamagedFile, issues.isEmpty else {
            let found = assessment.isDamagedFile ? ["photo_damaged_file"] : issues
            throw Failure(
                .badInput, code: "reference_photo_unfit",
                "\(name) cannot be a reference: \(found.joined(separator: ", "))")
        }
        let stripped = try MetadataStripping.stripped(bytes)
        return ReceivedPhoto(
            index: index, sha256: assessment.sha256, byteCount: bytes.count, view: photo.view,
            format: assessment.format, width: assessment.width, height: assessment.height,
            removedMetadata: stripped.removed.map(\.rawValue), keptBytes: Data(stripped.bytes))
    }

    /// What kept a photo from being assessed, with its place if it is the photo's fault.
    private static func failure(_ error: PhotoInspectionError, index: Int) -> Failure {
        var failure = Failure(describing: error)
        if case .decoding(let cause) = error {
            failure.parts = [
                Failure.Part(
                    pointer: "/photos/\(index)", code: cause.code, message: cause.description)
            ]
        }
        return failure
    }
}
