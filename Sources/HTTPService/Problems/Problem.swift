import Foundation
import HTTPTypes
import ReturnsDomain
import Workflow

/// An answer that says what is wrong: RFC 9457, `application/problem+json`.
package struct Problem: Error, Hashable, Sendable {
    /// What kind of problem.
    let code: ProblemCode
    /// What is wrong in this case: the offending value, the bound and the cure.
    let detail: String
    /// Every mistake by itself.
    var errors: [Failure.Part] = []
    /// Headers that belong to the answer.
    var fields: HTTPFields = [:]
    /// What the log says and the answer does not.
    var internalReason: String?

    init(_ code: ProblemCode, _ detail: String, errors: [Failure.Part] = []) {
        self.code = code
        self.detail = detail
        self.errors = errors
        if let seconds = code.retryAfterSeconds { fields[.retryAfter] = String(seconds) }
    }

    /// The body as sent.
    ///
    /// - Parameter request: Names the occurrence.
    func body(request: ServiceRequestID) -> Data {
        let document = Document(
            type: "/problems/\(code.rawValue)", title: code.title, status: code.status.code,
            detail: detail, instance: "urn:regrade:request:\(request)", code: code.rawValue,
            errors: errors.map { .init(pointer: $0.pointer, code: $0.code, message: $0.message) },
            request_id: request)
        return AnswerJSON.bytes(document)
    }

    private struct Document: Encodable {
        let type: String
        let title: String
        let status: Int
        let detail: String
        let instance: String
        let code: String
        let errors: [Mistake]
        let request_id: ServiceRequestID

        struct Mistake: Encodable {
            let pointer: String
            let code: String
            let message: String
        }
    }
}

extension Problem {
    /// Maps a failure to a problem.
    ///
    /// A code that both sides know keeps its name; otherwise the kind decides, and nothing of the
    /// sentence leaves the house.
    init(_ failure: Failure) {
        let name = Self.otherNames[failure.code] ?? failure.code
        let code = ProblemCode(rawValue: name) ?? Self.code(of: failure.kind)
        let isKnown = code.rawValue == name
        let tells = isKnown && code.tellsSentence
        self.init(
            code, tells ? failure.message : code.cure, errors: tells ? failure.parts : [])
        if !tells { internalReason = "\(failure.code): \(failure.message)" }
    }

    /// Codes that a client knows by another name.
    ///
    /// What may pass, such as a locked or read-only database or a failed write, is one thing to
    /// whoever tries again.
    private static let otherNames = [
        "inspection_erased": "erased", "database_busy": "record_unavailable",
        "database_unavailable": "record_unavailable", "file_system": "record_unavailable",
    ]

    /// Maps any error; what nobody foresaw is an internal error.
    init(describing error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case is SlowBodyError:
            self.init(
                .slowBody,
                "the body came more slowly than bodyRateLimit or took longer than "
                    + "uploadSecondsLimit allows")
        case is CancellationError:
            self.init(.stopping, ProblemCode.stopping.cure)
        case let failure as Failure:
            self.init(failure)
        default:
            self.init(.internalError, ProblemCode.internalError.cure)
            internalReason = "\(error)"
        }
    }

    private static func code(of kind: Failure.Kind) -> ProblemCode {
        switch kind {
        case .usage: .malformedRequest
        case .badInput: .photoUndecodable
        case .inputMissing: .notFound
        case .unavailable, .tryAgain: .notReady
        case .internalMistake, .cannotCreateOutput, .inputOutput, .configuration: .internalError
        }
    }
}

/// JSON as answers carry it: members in the order of their names, one line.
enum AnswerJSON {
    /// The bytes of a value; values of ours always encode.
    static func bytes(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(value)
        } catch {
            // Only a number that is not finite cannot be written; stored documents hold none.
            return Data("{}".utf8)
        }
    }
}
