import Foundation
import HTTPTypes
import ReturnsDomain

/// What a route answers with.
struct Answer: Sendable {
    /// The status.
    var status: HTTPResponse.Status
    /// Headers of this answer; the common ones are added by the responder.
    var fields: HTTPFields = [:]
    /// The body.
    var body = Data()
    /// Whether the body holds a secret, whose length must not be told by compression.
    var holdsSecret = false

    /// An answer of JSON.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:]
    ) -> Answer {
        Answer(
            status: status, fields: fields.with(.contentType, "application/json"),
            body: AnswerJSON.bytes(value))
    }

    /// An answer of text in UTF-8.
    static func text(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(
            status: status, fields: HTTPFields().with(.contentType, "\(type); charset=utf-8"),
            body: Data(text.utf8))
    }

    /// An answer as it was given before.
    init(_ stored: StoredAnswer) {
        status = .init(code: stored.status)
        for (name, value) in stored.headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        body = stored.body
    }

    init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: Data = Data()) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

extension HTTPFields {
    /// The fields with one more.
    func with(_ name: HTTPField.Name, _ value: String) -> HTTPFields {
        var fields = self
        fields[name] = value
        return fields
    }
}

/// One method on one path: who may call it, and what it does.
struct Route: Sendable {
    /// What a route does.
    typealias Action = @Sendable (ServiceRequest) async throws -> Answer

    /// GET, POST, PUT or DELETE; GET also answers HEAD.
    let method: HTTPRequest.Method
    /// The path with variable parts in braces: `/v1/inspections/{id}`.
    let path: String
    /// What a key must open; nil where no key is needed.
    let scope: APIKey.Scope?
    /// What the answer's body is, for the header Accept.
    let produces: String
    let action: Action

    init(
        _ method: HTTPRequest.Method, _ path: String, scope: APIKey.Scope?,
        produces: String = "application/json", action: @escaping Action
    ) {
        self.method = method
        self.path = path
        self.scope = scope
        self.produces = produces
        self.action = action
    }

    /// The variable parts of a path that fits this route's; nil if it does not fit.
    func parameters(of segments: [Substring]) -> [String: String]? {
        let pattern = path.split(separator: "/")
        guard pattern.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (expected, found) in zip(pattern, segments) {
            if expected.hasPrefix("{") {
                parameters[String(expected.dropFirst().dropLast())] = String(found)
            } else if expected != found {
                return nil
            }
        }
        return parameters
    }
}

/// All routes, and which of them a request means.
struct RouteTable: Sendable {
    let routes: [Route]

    /// What was found.
    enum Match {
        case route(Route, parameters: [String: String])
        /// The path is known, the method is not.
        case otherMethods([HTTPRequest.Method])
        case none
    }

    /// Finds the route of a request.
    ///
    /// Paths are compared as they were sent: nothing is decoded, so no encoded slash or dot finds
    /// its way anywhere.
    func match(_ method: HTTPRequest.Method, path: String) -> Match {
        let plain = path.prefix { $0 != "?" && $0 != "#" }
        let segments = plain.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let all = routes.compactMap { route in
            route.parameters(of: segments).map { (route: route, parameters: $0) }
        }
        // A path that is spelled out means itself, not a variable part of another.
        guard let fewest = all.map(\.parameters.count).min() else { return .none }
        let fitting = all.filter { $0.parameters.count == fewest }
        let wanted = method == .head ? .get : method
        guard let found = fitting.first(where: { $0.route.method == wanted }) else {
            let known = fitting.map(\.route.method)
            return .otherMethods(known + (known.contains(.get) ? [.head] : []))
        }
        return .route(found.route, parameters: found.parameters)
    }
}
