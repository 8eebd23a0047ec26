import Foundation
import HTTPTypes
import ReturnsDomain
import Workflow

/// What follows on a decision: appeal, the warehouse's truth, receipt, erasure.
struct CaseRoutes {
    let desk: InspectionDesk

    private static let appeals = InspectionRoutes.item + "/appeals"
    private static let truth = InspectionRoutes.item + "/truth"

    var routes: [Route] {
        [
            Route(.post, Self.appeals, scope: .submit, action: appeal),
            Route(.post, Self.truth, scope: .submit, action: recordTruth),
            Route(.get, InspectionRoutes.item + "/receipt", scope: .submit, action: receipt),
            Route(.delete, InspectionRoutes.item, scope: .submit, action: erase),
        ]
    }

    // MARK: Appeal

    private struct OpenedAppeal: Encodable {
        let inspection: InspectionID
        let task: ReviewTaskID
        let status = "open"
    }

    /// Opens a blind review: 201 with its task.
    @Sendable private func appeal(_ request: ServiceRequest) async throws -> Answer {
        let key = try request.idempotencyKey(route: "POST \(Self.appeals)")
        let id = try request.id(InspectionID.self, missing: .inspectionNotFound)
        var body = try await SmallDocument(request, known: ["statement"])
        let statement = body.text("statement")
        if let problem = body.problem { throw problem }
        let named = NamedRequest(
            tenant: request.tenant, key: key,
            fingerprint: RequestFingerprint("appeal", of: id).adding("statement", statement).hash)
        return try await answer(named, about: id) {
            try await desk.appeal(
                id, statement: statement, request: named, caller: request.caller()
            ) { task in
                Self.created(OpenedAppeal(inspection: id, task: task), of: id)
            }
        }
    }

    // MARK: Truth

    /// Records what the warehouse found: 201 with the truth as recorded.
    @Sendable private func recordTruth(_ request: ServiceRequest) async throws -> Answer {
        let key = try request.idempotencyKey(route: "POST \(Self.truth)")
        let id = try request.id(InspectionID.self, missing: .inspectionNotFound)
        let truth = try await Self.truth(in: request)
        let money = truth.resaleValue
        let named = NamedRequest(
            tenant: request.tenant, key: key,
            fingerprint: RequestFingerprint("truth", of: id)
                .adding("outcome", truth.outcome?.rawValue)
                .adding("severity", truth.severity?.name)
                .adding("types", truth.types?.map(\.rawValue).joined(separator: " "))
                .adding("minor_units", money.map { String($0.minorUnits) })
                .adding("currency", money?.currency).hash)
        return try await answer(named, about: id) {
            try await desk.recordTruth(
                truth, of: id, request: named, caller: request.caller()
            ) { Self.created($0, of: id) }
        }
    }

    private static func truth(in request: ServiceRequest) async throws -> Truth {
        let members = ["outcome", "severity", "types", "resale_value"]
        var body = try await SmallDocument(request, known: Set(members))
        body.needsOne(of: members)
        let outcome = body.optional("outcome", expected: "resell, refurbish or reject") { word in
            Outcome(rawValue: word).flatMap { $0.isFinal ? $0 : nil }
        }
        let severity = body.optional(
            "severity", expected: "none, minor, moderate or severe", read: Severity.init(name:))
        let types = body.list(
            "types", countLimit: DamageType.allCases.count, expected: "a type of damage",
            read: DamageType.init(rawValue:))
        let money = body.object("resale_value", known: ["minor_units", "currency"]) { value in
            let minorUnits = value.number("minor_units", in: 0...OrderData.minorUnitsLimit)
            let currency = value.required(
                "currency", expected: "three capital letters (ISO 4217)"
            ) { text in
                let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
                let isCode = text.utf8.count == 3 && text.utf8.allSatisfy(capitals.contains)
                return isCode ? text : nil
            }
            if minorUnits == nil { value.needs("minor_units", expected: "a whole number") }
            return currency.flatMap { code in
                minorUnits.map { Money(minorUnits: $0, currency: code) }
            }
        }
        if let problem = body.problem { throw problem }
        return Truth(
            outcome: outcome, severity: severity, types: types, resaleValue: money,
            recordedAt: .now)
    }

    // MARK: Receipt

    /// Proof that the decision which stands is in the audit log; `regrade audit check-receipt`
    /// checks it with nothing but the log's public key.
    @Sendable private func receipt(_ request: ServiceRequest) async throws -> Answer {
        let id = try request.id(InspectionID.self, missing: .inspectionNotFound)
        _ = try Query(request, known: []).check()
        try await desk.checkAdjudicated(id, tenant: request.tenant)
        var answer = Answer(
            status: .ok,
            body: try await desk.receipt(
                of: id, tenant: request.tenant, caller: request.caller()))
        answer.fields[.contentType] = "application/json"
        return answer
    }

    // MARK: Erasure

    /// Erases the case: 202 with a receipt of what was removed; 410 from then on.
    @Sendable private func erase(_ request: ServiceRequest) async throws -> Answer {
        let id = try request.id(InspectionID.self, missing: .inspectionNotFound)
        _ = try Query(request, known: []).check()
        try await desk.checkAdjudicated(id, tenant: request.tenant)
        let receipt = try await desk.erase(id, tenant: request.tenant, caller: request.caller())
        return .json(receipt, status: .accepted)
    }

    // MARK: Both

    /// What is kept of a request that created something of a case.
    private static func created(_ value: some Encodable, of id: InspectionID) -> StoredAnswer {
        StoredAnswer(
            status: 201,
            headers: [
                "content-type": "application/json", "location": InspectionRoutes.path(of: id),
            ],
            body: AnswerJSON.bytes(value))
    }

    /// The answer given before, or that of the work if the case can be worked on.
    private func answer(
        _ request: NamedRequest, about id: InspectionID,
        _ work: () async throws -> SubmissionResult
    ) async throws -> Answer {
        do {
            return try InspectionRoutes.answer(to: try await work())
        } catch {
            // What stands in the way of every case says more than what stood in the way here.
            try await desk.checkAdjudicated(id, tenant: request.tenant)
            throw error
        }
    }
}

extension InspectionDesk {
    /// Checks that an inspection has an adjudication that was not erased.
    ///
    /// - Throws: ``Problem`` with `inspection_not_found`, `erased`, `inspection_running` or
    ///   `inspection_failed`.
    func checkAdjudicated(_ id: InspectionID, tenant: Tenant) async throws {
        switch try await standing(of: id, tenant: tenant) {
        case nil: throw Problem(.inspectionNotFound, "there is no inspection \(id)")
        case .erased: throw Problem(.erased, "inspection \(id) was erased")
        case .waiting:
            throw Problem(.inspectionRunning, "inspection \(id) has no outcome yet")
        case .failed(_, let code, _):
            throw Problem(
                .inspectionFailed,
                "inspection \(id) came to nothing (\(code)), so there is nothing to work on")
        case .adjudicated: break
        }
    }
}

extension ServiceRequest {
    /// The key that signed in, on routes that need one.
    func caller() throws(Problem) -> APIKeyID {
        guard let key else { throw Problem(.notSignedIn, ProblemCode.notSignedIn.cure) }
        return key.id
    }
}
