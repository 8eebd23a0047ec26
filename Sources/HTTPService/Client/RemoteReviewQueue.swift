public import Foundation
import NIOHTTP1
public import ReturnsDomain
public import Workflow

/// The review queue of a service elsewhere, over HTTP.
///
/// Photos come drawn anew as JPEG, never as the files that customers sent.
public struct RemoteReviewQueue: ReviewQueue {
    private let client: ServiceClient

    private static let path = "/v1/reviews"

    /// Opens the queue; nothing is sent yet.
    public init(_ address: ServiceAddress) {
        client = ServiceClient(address: address)
    }

    /// See ``ReviewQueue``: the record is the service's.
    public var casebook: Casebook? { nil }

    // MARK: Reading

    private struct Page: Decodable {
        let reviews: [HandOverRecord]
    }

    /// See ``ReviewQueue``; at most ``ReviewRoutes/pageCountLimit`` tasks.
    public func waitingTasks(limit: Int) async throws -> [ReviewTask] {
        let limit = min(limit, ReviewRoutes.pageCountLimit)
        let reply = try await client.send(
            .init(method: .GET, path: "\(Self.path)?detail=full&limit=\(limit)"))
        return try decoded(Page.self, reply).reviews.map(\.task)
    }

    /// See ``ReviewQueue``.
    public func reviewTask(_ id: ReviewTaskID) async throws -> ReviewTask {
        let reply = try await client.send(.init(method: .GET, path: "\(Self.path)/\(id)"))
        return try decoded(HandOverRecord.self, reply).task
    }

    /// See ``ReviewQueue``.
    public func knows(reviewer: String) async throws -> Bool {
        do {
            _ = try await client.send(
                .init(
                    method: .GET, path: "\(Self.path)?limit=1",
                    headers: [ReviewRoutes.reviewerField(of: reviewer)]))
            return true
        } catch let failure as Failure where failure.code == "reviewer_unknown" {
            return false
        }
    }

    /// See ``ReviewQueue``.
    public func photos(
        of task: ReviewTask, reviewer: String?
    ) async throws -> [(index: Int, bytes: Data)] {
        let headers = reviewer.map { [ReviewRoutes.reviewerField(of: $0)] } ?? []
        var photos: [(index: Int, bytes: Data)] = []
        for photo in task.adjudication.photos {
            do {
                let reply = try await client.send(
                    .init(
                        method: .GET, path: "\(Self.path)/\(task.id)/photos/\(photo.index)",
                        headers: headers))
                photos.append((photo.index, reply.body))
            } catch let failure as Failure where failure.code == "photo_not_kept" {
                continue
            }
        }
        return photos
    }

    // MARK: Changing

    private struct LeaseBody: Encodable {
        var reviewer: String?
        var lease: LeaseID?
        var seconds: Int?
        var except: [ReviewTaskID]?
        var outcome: Outcome?
        var reason: ReasonCode?
        var comment: String?
    }

    /// See ``ReviewQueue``.
    public func leaseNextTask(
        reviewer: String, duration: Duration, except skipped: Set<ReviewTaskID>
    ) async throws -> HandedOverTask? {
        // Sent twice it would lease two tasks.
        let reply = try await post(
            "next",
            LeaseBody(
                reviewer: reviewer, seconds: Self.seconds(duration),
                except: skipped.isEmpty ? nil : skipped.sorted { $0.description < $1.description }),
            isRepeatable: false)
        return reply.status == 204 ? nil : try handedOver(reply)
    }

    /// See ``ReviewQueue``.
    public func decide(_ decision: ReviewDecision) async throws -> Adjudication {
        let reply = try await post(
            "\(decision.task)/decision",
            LeaseBody(
                reviewer: decision.reviewer, lease: decision.lease, outcome: decision.outcome,
                reason: decision.reason, comment: decision.comment))
        return try decoded(Adjudication.self, reply)
    }

    /// See ``ReviewQueue``.
    public func undoDecision(
        task: ReviewTaskID, lease: LeaseID, reviewer: String
    ) async throws -> HandedOverTask {
        let reply = try await post(
            "\(task)/undo", LeaseBody(reviewer: reviewer, lease: lease), isRepeatable: false)
        return try handedOver(reply)
    }

    private struct LeaseEnd: Decodable {
        let expires_at: Timestamp
    }

    /// See ``ReviewQueue``.
    public func prolongLease(
        task: ReviewTaskID, lease: LeaseID, duration: Duration
    ) async throws -> Timestamp {
        let reply = try await post(
            "\(task)/heartbeat", LeaseBody(lease: lease, seconds: Self.seconds(duration)))
        return try decoded(LeaseEnd.self, reply).expires_at
    }

    /// See ``ReviewQueue``.
    public func release(task: ReviewTaskID, lease: LeaseID) async throws {
        _ = try await post("\(task)/release", LeaseBody(lease: lease))
    }

    // MARK: Both

    private static func seconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds)
    }

    private func post(
        _ path: String, _ body: LeaseBody, isRepeatable: Bool = true
    ) async throws -> ServiceClient.Reply {
        try await client.send(
            .init(
                method: .POST, path: "\(Self.path)/\(path)", body: AnswerJSON.bytes(body),
                isRepeatable: isRepeatable))
    }

    private func handedOver(_ reply: ServiceClient.Reply) throws -> HandedOverTask {
        let record = try decoded(HandOverRecord.self, reply)
        guard let lease = record.lease else { throw notUnderstood("a task without a lease") }
        return HandedOverTask(lease, words: record.words)
    }

    private func decoded<Value: Decodable>(
        _ type: Value.Type, _ reply: ServiceClient.Reply
    ) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: reply.body)
        } catch {
            throw notUnderstood("what this version cannot read")
        }
    }

    private func notUnderstood(_ what: String) -> Failure {
        Failure(
            .unavailable, code: "server_answer_unknown",
            "\(client.address.url) answered with \(what); compare `regrade --version` with its "
                + "/version")
    }
}
