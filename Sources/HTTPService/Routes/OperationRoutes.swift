import Foundation
import HTTPTypes
import ReturnsDomain
import Workflow

/// What operations look at.
///
/// Whether the process lives, whether it may be sent requests, what it
/// counts, what it is. None of it needs a key and none of it names a customer.
struct OperationRoutes {
    let desk: InspectionDesk
    let memory: BodyMemory
    let metrics: ServiceMetrics

    var routes: [Route] {
        [
            Route(.get, "/livez", scope: nil, action: live),
            Route(.get, "/readyz", scope: nil, action: ready),
            Route(.get, "/version", scope: nil, action: version),
            Route(.get, "/metrics", scope: nil, produces: "text/plain", action: count),
            Route(.get, "/problems/{code}", scope: nil, produces: "text/html", action: problem),
        ]
    }

    @Sendable private func live(_: ServiceRequest) async throws -> Answer {
        .json(["status": "live"])
    }

    @Sendable private func ready(_: ServiceRequest) async throws -> Answer {
        let checks = await readiness()
        let isReady = checks.values.allSatisfy { $0 == "ok" }
        return .json(
            Readiness(status: isReady ? "ready" : "not_ready", checks: checks),
            status: isReady ? .ok : .serviceUnavailable)
    }

    private struct Readiness: Encodable {
        let status: String
        let checks: [String: String]
    }

    /// What must hold before requests are sent here.
    private func readiness() async -> [String: String] {
        var checks = [
            // The desk does not open without them.
            "model": "ok", "self_tests": "ok",
            "work_queue": desk.isOverHighWater ? "over its high-water mark" : "ok",
            "lifecycle": desk.isStopping ? "stopping" : "ok",
        ]
        do {
            try await desk.checkWritable()
            checks["data_directory"] = "ok"
        } catch {
            checks["data_directory"] = "not writable"
        }
        return checks
    }

    @Sendable private func version(_: ServiceRequest) async throws -> Answer {
        let model = desk.modelVersion
        return .json(
            Version(
                version: Program.version, api: "v1", model: "\(model.name)/\(model.version)",
                calibration: model.calibration))
    }

    private struct Version: Encodable {
        let version: String
        let api: String
        let model: String
        let calibration: String
    }

    @Sendable private func count(_: ServiceRequest) async throws -> Answer {
        for reviewed in (try? await desk.newReviewedOutcomes()) ?? [] { metrics.count(reviewed) }
        let counts = try? await desk.casebook(of: .default).counts()
        let text = metrics.text(
            depth: desk.depth, bodyByteCount: memory.byteCount,
            isReady: !desk.isStopping && !desk.isOverHighWater && counts != nil, counts: counts,
            webhooks: try? await desk.webhookFigures())
        return Answer(
            status: .ok,
            fields: HTTPFields().with(.contentType, "text/plain; version=0.0.4; charset=utf-8"),
            body: Data(text.utf8))
    }

    /// The page that a problem's `type` leads to.
    @Sendable private func problem(_ request: ServiceRequest) async throws -> Answer {
        guard let code = ProblemCode(rawValue: request.parameters["code"] ?? "") else {
            throw Problem(.problemUnknown, "there is no problem of this code")
        }
        return .text(
            """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>\(code.title)</title>
            <h1>\(code.title)</h1>
            <p>Code <code>\(code.rawValue)</code>, status \(code.status.code).</p>
            <p>\(code.cure)</p>
            </html>

            """, type: "text/html")
    }
}
