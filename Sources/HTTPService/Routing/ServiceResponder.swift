import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ReturnsDomain
import Traces
import Workflow

/// Answers every request: finds the route, checks the key and its rate, runs the action, words
/// what went wrong, and adds what every answer carries.
struct ServiceResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let table: RouteTable
    let keys: KeyCheck
    let metrics: ServiceMetrics
    let settings: ServingSettings
    let logger: Logger

    func respond(to request: Request, context: BasicRequestContext) async -> Response {
        let id = ServiceRequestID(at: .now)
        let start = ContinuousClock.now
        let progress = BodyProgress()
        let span = RequestSpan(continuing: request.headers)
        var facts = Facts(id: id, trace: span.trace)
        let response = await span.run {
            let answer = await self.answer(to: request, id: id, progress: progress, facts: &facts)
            return Stage.answer.run {
                self.response(answer, to: request, id: id, progress: progress)
            }
        }
        let (duration, status) = (start.duration(to: .now), response.status.code)
        metrics.answered(
            method: request.method.rawValue, route: facts.route, status: status,
            duration: duration)
        log(request, facts, status: status, duration: duration)
        span.end(
            id, method: request.method, route: facts.route, status: status,
            problem: facts.problem?.code)
        return response
    }

    /// What is known of a request when its line is logged; nothing of a customer.
    private struct Facts {
        let id: ServiceRequestID
        /// The trace's number, if there is one.
        let trace: String?
        var route = "none"
        var key: APIKey?
        var problem: Problem?
    }

    private func answer(
        to request: Request, id: ServiceRequestID, progress: BodyProgress, facts: inout Facts
    ) async -> Answer {
        var rate: HTTPFields = [:]
        do {
            let (route, parameters) = try route(of: request)
            facts.route = route.path
            if let scope = route.scope {
                let key = try await keys.key(of: request.headers[.authorization])
                facts.key = key
                rate = try keys.countRequest(of: key)
                guard key.opens(scope) else {
                    throw Problem(
                        .scopeMissing, "this needs a key with the scope \(scope.rawValue)")
                }
            }
            try Self.checkAccept(request.headers[.accept], produces: route.produces)
            var answer = try await route.action(
                ServiceRequest(
                    id: id, request: request, parameters: parameters, key: facts.key,
                    progress: progress, bodyByteCountLimit: settings.bodyByteCountLimit))
            answer.fields.append(contentsOf: rate)
            return answer
        } catch {
            let problem = Problem(describing: error)
            facts.problem = problem
            var fields = problem.fields.with(.contentType, "application/problem+json")
            fields.append(contentsOf: rate)
            return Answer(
                status: problem.code.status, fields: fields, body: problem.body(request: id))
        }
    }

    private func route(of request: Request) throws(Problem) -> (Route, [String: String]) {
        switch table.match(request.method, path: request.head.path ?? "") {
        case .route(let route, let parameters): return (route, parameters)
        case .otherMethods(let methods):
            let allowed = Set(methods.map(\.rawValue)).sorted().joined(separator: ", ")
            var problem = Problem(
                .methodNotAllowed, "the method is \(request.method.rawValue), expected \(allowed)")
            problem.fields[.allow] = allowed
            throw problem
        case .none: throw Problem(.notFound, "there is nothing at this path")
        }
    }

    /// Whether the client takes what the route produces.
    ///
    /// - SeeAlso: RFC 9110, 12.5.1; a range with a quality of 0 refuses.
    static func checkAccept(_ accept: String?, produces type: String) throws(Problem) {
        guard let accept, !accept.isEmpty else { return }
        let family = type.prefix { $0 != "/" } + "/*"
        let isAccepted = accept.split(separator: ",").contains { range in
            let value = HeaderValue(String(range))
            let quality = value.parameters["q"].flatMap(Double.init) ?? 1
            return quality > 0 && ["*/*", String(family), type].contains(value.word)
        }
        guard isAccepted else {
            throw Problem(.notAcceptable, "this is \(type), which the header Accept does not list")
        }
    }

    private func response(
        _ answer: Answer, to request: Request, id: ServiceRequestID, progress: BodyProgress
    ) -> Response {
        var answer = answer
        ContentCoding.apply(to: &answer, accepting: request.headers[.acceptEncoding])
        var fields = SecurityFields.common(isEncrypted: settings.tlsCertificatePath != nil)
        for field in answer.fields { fields[field.name] = field.value }
        fields[.requestID] = id.description
        // A body that was not read to its end would be taken for the next request.
        let hasBody =
            request.headers[.transferEncoding] != nil
            || (request.headers[.contentLength].flatMap(Int.init) ?? 0) > 0
        if hasBody && !progress.isAtEnd { fields[.connection] = "close" }
        let isHead = request.method == .head
        if isHead { fields[.contentLength] = String(answer.body.count) }
        return Response(
            status: answer.status, headers: fields,
            body: isHead || answer.body.isEmpty
                ? .init() : .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    private func log(_ request: Request, _ facts: Facts, status: Int, duration: Duration) {
        var metadata: Logger.Metadata = [
            "request": "\(facts.id)", "method": "\(request.method.rawValue)",
            "route": "\(facts.route)", "status": "\(status)",
            "milliseconds": "\(Int(duration / .milliseconds(1)))",
        ]
        if let trace = facts.trace { metadata["trace"] = "\(trace)" }
        if let key = facts.key {
            metadata["key"] = "\(key.id)"
            metadata["tenant"] = "\(key.tenant)"
        }
        if let problem = facts.problem {
            metadata["code"] = "\(problem.code.rawValue)"
            if let reason = problem.internalReason { metadata["reason"] = "\(reason)" }
        }
        logger.log(level: status >= 500 ? .error : .info, "request", metadata: metadata)
    }
}

/// The headers that every answer carries.
enum SecurityFields {
    /// For programs, not for pages: nothing is framed, sniffed, cached or run.
    static func common(isEncrypted: Bool) -> HTTPFields {
        var fields: HTTPFields = [:]
        fields[.cacheControl] = "no-store"
        fields[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        fields[.xContentTypeOptions] = "nosniff"
        fields[.referrerPolicy] = "no-referrer"
        fields[.resourcePolicy] = "same-origin"
        if isEncrypted { fields[.strictTransportSecurity] = "max-age=31536000" }
        return fields
    }
}

extension HTTPField.Name {
    /// `X-Request-Id`.
    static let requestID = known("X-Request-Id")
    /// `Referrer-Policy`.
    static let referrerPolicy = known("Referrer-Policy")
    /// `Cross-Origin-Resource-Policy`.
    static let resourcePolicy = known("Cross-Origin-Resource-Policy")
    /// `Idempotency-Replayed`.
    static let idempotencyReplayed = known("Idempotency-Replayed")
    /// `RateLimit`.
    static let rateLimit = known("RateLimit")
    /// `RateLimit-Policy`.
    static let rateLimitPolicy = known("RateLimit-Policy")

    /// A name that is written in this file and is a token.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else {
            preconditionFailure("'\(name)' is no header name")
        }
        return field
    }
}
