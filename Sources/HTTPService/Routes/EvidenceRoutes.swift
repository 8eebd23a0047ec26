import Foundation
import HTTPTypes
import ReturnsDomain
import Workflow

/// What an adjudication rests on: the photos and where the evidence lies in them.
///
/// Every look is in the audit log before the picture is opened.
struct EvidenceRoutes {
    let desk: InspectionDesk

    var routes: [Route] {
        [
            Route(
                .get, InspectionRoutes.item + "/photos/{index}", scope: .submit,
                produces: "image/jpeg", action: photo),
            Route(
                .get, InspectionRoutes.item + "/photos/{index}/heatmap.png", scope: .submit,
                produces: "image/png", action: heatMap),
        ]
    }

    @Sendable private func photo(_ request: ServiceRequest) async throws -> Answer {
        let (id, index, viewer) = try target(of: request)
        let bytes = try await desk.photo(index, of: id, tenant: request.tenant, viewer: viewer)
        return Answer(
            status: .ok, fields: HTTPFields().with(.contentType, "image/jpeg"), body: bytes)
    }

    @Sendable private func heatMap(_ request: ServiceRequest) async throws -> Answer {
        let (id, index, viewer) = try target(of: request)
        let bytes = try await desk.heatMap(index, of: id, tenant: request.tenant, viewer: viewer)
        return Answer(
            status: .ok, fields: HTTPFields().with(.contentType, "image/png"), body: bytes)
    }

    private func target(
        of request: ServiceRequest
    ) throws(Problem) -> (InspectionID, index: Int, viewer: APIKeyID) {
        let id = try request.id(InspectionID.self, missing: .inspectionNotFound)
        return (id, try request.photoIndex(), try request.caller())
    }
}
