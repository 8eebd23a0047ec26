import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// How long an answer is kept for those who ask again.
    public static let requestLifetime: Duration = .seconds(72 * 3600)

    /// Notes that a request is being worked on, unless it is known.
    ///
    /// The note is durable before this returns, so that work is never started twice for one key.
    ///
    /// - Parameters:
    ///   - key: The client's name of the request.
    ///   - fingerprint: What the request asks for; the same key must always ask for the same.
    public func startRequest(
        _ key: RequestKey, fingerprint: ContentHash
    ) async throws(CaseStoreError) -> RequestStart {
        try await write { transaction in
            let now = transaction.now
            try transaction.execute(
                """
                DELETE FROM idempotencyKey
                WHERE tenant = ? AND route = ? AND key = ? AND state <> 'running' AND expiresAt <= ?
                """,
                [key.route, key.key, now.millisecondsSince1970])
            if let known = try transaction.request(key) {
                return known.start(fingerprint: fingerprint)
            }
            try transaction.execute(
                """
                INSERT INTO idempotencyKey (tenant, route, key, fingerprint, state, createdAt,
                  expiresAt) VALUES (?, ?, ?, ?, 'running', ?, ?)
                """,
                [
                    key.route, key.key, fingerprint.description, now.millisecondsSince1970,
                    now.advanced(by: Self.requestLifetime).millisecondsSince1970,
                ])
            return .started
        }
    }

    /// Keeps the answer of a request that was started and that recorded nothing itself.
    public func completeRequest(
        _ key: RequestKey, with answer: StoredAnswer
    ) async throws(CaseStoreError) {
        try await write { try $0.complete(key, with: answer, inspection: nil) }
    }

    /// Forgets a request that was started but came to nothing, so that it can be tried again.
    public func releaseRequest(_ key: RequestKey) async throws(CaseStoreError) {
        try await write { transaction in
            try transaction.execute(
                """
                DELETE FROM idempotencyKey
                WHERE tenant = ? AND route = ? AND key = ? AND state = 'running'
                """,
                [key.route, key.key])
        }
    }

    /// Forgets, for all tenants, requests that a service left behind when it was killed.
    ///
    /// What such a request recorded was recorded together with its answer, so what is still marked
    /// as running recorded nothing. Call it only while no other process serves the directory.
    public func releaseAbandonedRequests() async throws(CaseStoreError) {
        try await write { transaction in
            try transaction.db.execute(sql: "DELETE FROM idempotencyKey WHERE state = 'running'")
        }
    }

    /// Removes, for all tenants, answers whose time is over.
    public func removeExpiredRequests() async throws(CaseStoreError) {
        try await write { transaction in
            try transaction.db.execute(
                sql: "DELETE FROM idempotencyKey WHERE state <> 'running' AND expiresAt <= ?",
                arguments: [transaction.now.millisecondsSince1970])
        }
    }

    /// Takes the right to serve this data directory, until the returned object is gone.
    ///
    /// - Throws: ``CaseStoreError/servedElsewhere(path:)``.
    public func startServing() async throws(CaseStoreError) -> ServingRight {
        let file = directory.servingLock
        do {
            return try await photoWork.run {
                let lock = try FileSystem.open(file, O_RDWR | O_CREAT)
                guard try lock.lock(waits: false) else {
                    throw CaseStoreError.servedElsewhere(
                        path: file.deletingLastPathComponent().path)
                }
                return ServingRight(lock)
            }
        } catch {
            throw CaseStoreError(error)
        }
    }
}

/// The right of one process to serve a data directory; ends with the object or the process.
///
/// `@unchecked Sendable` because the descriptor inside is held and closed, never used.
public final class ServingRight: @unchecked Sendable {
    private let lock: FileDescriptor

    init(_ lock: FileDescriptor) {
        self.lock = lock
    }
}

/// A row of the table `idempotencyKey`.
struct RequestRow {
    let fingerprint: String
    let state: String
    let answer: StoredAnswer?

    /// What someone who asks with a fingerprint is told.
    func start(fingerprint: ContentHash) -> RequestStart {
        if state == "erased" { return .erased }
        guard self.fingerprint == fingerprint.description else { return .otherFingerprint }
        return answer.map { .completed($0) } ?? .running
    }
}

extension StoreTransaction {
    /// What is known of a request; nil if it is new.
    func request(_ key: RequestKey) throws -> RequestRow? {
        // After an erasure only the digest of the key is left.
        let sql = """
            SELECT fingerprint, state, status, headers, body FROM idempotencyKey
            WHERE tenant = ? AND route = ? AND (key = ? OR (key = ? AND state = 'erased'))
            ORDER BY state = 'erased' LIMIT 1
            """
        let arguments: StatementArguments = [
            tenant.description, key.route, key.key, ErasedIdempotencyKey.text(of: key.key),
        ]
        guard let row = try Row.fetchOne(db, sql: sql, arguments: arguments) else { return nil }
        var answer: StoredAnswer?
        if row["state"] as String == "completed", let headers: String = row["headers"] {
            answer = StoredAnswer(
                status: row["status"],
                headers: try JSONDecoder().decode([String: String].self, from: Data(headers.utf8)),
                body: row["body"] ?? Data())
        }
        return RequestRow(fingerprint: row["fingerprint"], state: row["state"], answer: answer)
    }

    /// Keeps the answer of a request that is running.
    func complete(
        _ key: RequestKey, with answer: StoredAnswer, inspection: InspectionID?
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let headers = String(decoding: try encoder.encode(answer.headers), as: UTF8.self)
        // The tenant is the first argument of every statement, so it is `?1` here.
        try execute(
            """
            UPDATE idempotencyKey SET state = 'completed', status = ?4, headers = ?5, body = ?6,
              inspection = ?7
            WHERE tenant = ?1 AND route = ?2 AND key = ?3 AND state = 'running'
            """,
            [
                key.route, key.key, answer.status, headers, answer.body, inspection?.description,
            ])
    }
}
