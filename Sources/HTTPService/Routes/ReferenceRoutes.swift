import Foundation
import HTTPTypes
import ReturnsDomain
import Traces
import Workflow

/// Photos of what good items look like: put, list, remove.
struct ReferenceRoutes {
    let desk: InspectionDesk
    let memory: BodyMemory

    private static let photos = "/v1/references/{sku}/photos"

    var routes: [Route] {
        [
            Route(.put, Self.photos, scope: .submit, action: add),
            Route(.get, Self.photos, scope: .submit, action: list),
            Route(.delete, Self.photos, scope: .admin, action: remove),
        ]
    }

    // MARK: Put

    private struct Added: Encodable {
        let sku: String
        let added: Int
        let references: [ReferencePhoto]
    }

    /// Adds photos, or those of an inspection: 200 with them; doing it again changes nothing.
    @Sendable private func add(_ request: ServiceRequest) async throws -> Answer {
        let sku = try request.sku()
        _ = try Query(request, known: []).check()
        guard !desk.isStopping else { throw Problem(.stopping, ProblemCode.stopping.cure) }
        let type = HeaderValue(request.field("Content-Type") ?? "").word
        let actor = AuditActor.key(try request.caller())
        let added: AddedReferences
        if type == "application/json" {
            var body = try await SmallDocument(request, known: ["inspection"])
            let inspection = body.required(
                "inspection", expected: "an id that starts with insp_", read: InspectionID.init(_:))
            guard let inspection, body.problem == nil else {
                throw body.problem ?? Problem(.malformedRequest, "the body is incomplete")
            }
            added = try await desk.addReferences(
                from: inspection, to: sku, tenant: request.tenant, actor: actor)
        } else {
            guard !desk.isFull else { throw Problem(.overloaded, ProblemCode.overloaded.cure) }
            let received = try await Stage.intake.run {
                try await SubmissionReader.references(
                    to: sku, in: request, settings: desk.settings, share: memory.share())
            }
            added = try await desk.addReferences(
                received.submission, tenant: request.tenant, actor: actor)
            withExtendedLifetime(received.share) {}
        }
        return .json(Added(sku: sku, added: added.newCount, references: added.photos))
    }

    // MARK: List

    private struct Page: Encodable {
        let sku: String
        let references: [ReferencePhoto]
        let next: ReferencePhotoID?
    }

    @Sendable private func list(_ request: ServiceRequest) async throws -> Answer {
        let sku = try request.sku()
        var query = Query(request, known: ["after", "limit"])
        let limit = query.number("limit", in: 1...InspectionRoutes.pageCountLimit, default: 50)
        let after = query.value("after", expected: "an id that starts with ref_") {
            ReferencePhotoID($0)
        }
        try query.check()
        let page = try await desk.casebook(of: request.tenant).references(
            of: sku, after: after, limit: limit)
        return .json(
            Page(
                sku: sku, references: page, next: page.count == limit ? page.last?.id : nil))
    }

    // MARK: Remove

    /// Removes one photo, those of an order's own item, or all: 200 with how many.
    @Sendable private func remove(_ request: ServiceRequest) async throws -> Answer {
        let sku = try request.sku()
        var query = Query(request, known: ["id", "order_id"])
        let id = query.value("id", expected: "an id that starts with ref_") {
            ReferencePhotoID($0)
        }
        let order = query.text(
            "order_id", byteCountLimit: OrderData.Member.orderID.byteCountLimit)
        try query.check()
        guard id == nil || order == nil else {
            throw Problem(.queryInvalid, "?id and ?order_id name two things; state one")
        }
        let selection = id.map { .photo($0) } ?? order.map { .order($0) } ?? ReferenceSelection.all
        let count = try await desk.casebook(of: request.tenant).removeReferences(
            selection, of: sku, actor: .key(try request.caller()))
        return .json(["removed": count])
    }
}

extension ServiceRequest {
    /// The product's number in the path, percent-decoded and checked as that of an order is.
    fileprivate func sku() throws(Problem) -> String {
        let text = parameters["sku"]?.removingPercentEncoding ?? ""
        let (order, problems) = OrderData.parsed([.sku: text])
        guard problems.isEmpty, let sku = order.sku else {
            throw Problem(
                .orderDataInvalid,
                "the path holds no product number of 1 to "
                    + "\(OrderData.Member.sku.byteCountLimit) bytes, percent-encoded")
        }
        return sku
    }
}
