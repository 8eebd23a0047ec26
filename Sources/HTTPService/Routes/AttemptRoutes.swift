import Foundation
import HTTPTypes
import ReturnsDomain
import Traces
import Workflow

/// Another attempt's photos, after `retake`.
struct AttemptRoutes {
    let desk: InspectionDesk
    let memory: BodyMemory

    private static let path = InspectionRoutes.item + "/photos"

    var routes: [Route] {
        [Route(.post, Self.path, scope: .submit, action: submit)]
    }

    /// Inspects the item anew: 201 with the adjudication that stands from now on.
    @Sendable private func submit(_ request: ServiceRequest) async throws -> Answer {
        let key = try request.idempotencyKey(route: "POST \(Self.path)")
        let id = try request.id(InspectionID.self, missing: .inspectionNotFound)
        guard !desk.isFull else { throw Problem(.overloaded, ProblemCode.overloaded.cure) }
        guard !desk.isStopping else { throw Problem(.stopping, ProblemCode.stopping.cure) }
        let item = try await Stage.intake.run {
            try await SubmissionReader.item(
                of: request, settings: desk.settings, share: memory.share())
        }
        try Self.checkStatesNothing(item.document.order)
        let attempt = Attempt(
            request: NamedRequest(
                tenant: request.tenant, key: key,
                fingerprint: RequestFingerprint("attempt", of: id)
                    .adding("item", item.fingerprint.description).hash),
            inspection: id, photos: item.photos,
            locale: request.languages.isEmpty ? nil : desk.language(among: request.languages))
        let wording = InspectionRoutes.wording(of: request.id)
        do {
            let result = try await desk.attempt(attempt, wording: wording)
            return try withExtendedLifetime(item.share) {
                try InspectionRoutes.answer(to: result)
            }
        } catch {
            try await desk.checkAdjudicated(id, tenant: request.tenant)
            throw error
        }
    }

    /// The order stays as it was stated first; stating it again would only raise the question which
    /// one holds.
    private static func checkStatesNothing(_ order: OrderData) throws(Problem) {
        let errors = order.stated.keys.map(\.rawValue).sorted().map {
            Failure.Part(
                pointer: "/\($0)", code: "unknown_member",
                message: "was stated with the first photos; known here is photos")
        }
        guard !errors.isEmpty else { return }
        throw Problem(
            .orderDataInvalid,
            errors.map { "\($0.pointer) \($0.message)" }.joined(separator: "; "), errors: errors)
    }
}
