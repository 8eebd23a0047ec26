internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The longest reviewer's name, in UTF-8 bytes.
    public static let reviewerNameByteCountLimit = 100

    /// Adds a reviewer and logs the pseudonym, not the name.
    ///
    /// - Throws: ``CaseStoreError/reviewerExists(name:)``,
    ///   ``CaseStoreError/reviewerNameInvalid(byteCount:limit:)``.
    @discardableResult
    public func addReviewer(name: String) async throws(CaseStoreError) -> Reviewer {
        let limit = Self.reviewerNameByteCountLimit
        guard (1...limit).contains(name.utf8.count),
            !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { throw .reviewerNameInvalid(byteCount: name.utf8.count, limit: limit) }
        return try await write { transaction in
            let reviewer = Reviewer(
                id: ReviewerID(at: transaction.now), name: name, addedAt: transaction.now)
            try transaction.execute(
                "INSERT INTO reviewer (tenant, id, name, addedAt) VALUES (?, ?, ?, ?) "
                    + "ON CONFLICT (tenant, name) DO NOTHING",
                [reviewer.id.description, name, transaction.now.millisecondsSince1970])
            guard transaction.db.changesCount == 1 else {
                throw CaseStoreError.reviewerExists(name: name)
            }
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .reviewerAdded, actor: .operatorOnHost,
                    meta: ["reviewer": reviewer.id.description]))
            return reviewer
        }
    }

    /// Ends a reviewer's work: what the reviewer holds is open again, and nothing more is given.
    ///
    /// Earlier decisions and their pseudonym stay. The name stays taken, so that it never means two
    /// people.
    ///
    /// - Throws: ``CaseStoreError/reviewerUnknown(name:)`` if nobody of this name is at work.
    public func retireReviewer(name: String) async throws(CaseStoreError) -> ReviewerID {
        try await write { transaction in
            let reviewer = try transaction.reviewerID(named: name)
            let tasks = try String.fetchAll(
                transaction.db,
                sql: "SELECT task FROM reviewLease WHERE tenant = ? AND reviewer = ?",
                arguments: [transaction.tenant.description, reviewer.description])
            for task in tasks {
                let row = try transaction.task(identifier(task, ReviewTaskID.self))
                try transaction.reopen(row, event: .released, reviewer: reviewer)
            }
            try transaction.execute(
                "UPDATE reviewer SET retiredAt = ?2 WHERE tenant = ?1 AND id = ?3",
                [transaction.now.millisecondsSince1970, reviewer.description])
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .reviewerRetired, actor: .operatorOnHost,
                    meta: ["reviewer": reviewer.description]))
            return reviewer
        }
    }

    /// All reviewers at work, by name.
    public func reviewers() async throws(CaseStoreError) -> [Reviewer] {
        let tenant = tenant
        return try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, name, addedAt FROM reviewer
                    WHERE tenant = ? AND name IS NOT NULL AND retiredAt IS NULL ORDER BY name
                    """,
                arguments: [tenant.description])
            return try rows.map { row in
                Reviewer(
                    id: try identifier(row["id"], ReviewerID.self), name: row["name"],
                    addedAt: timestamp(row["addedAt"]))
            }
        }
    }
}

extension StoreTransaction {
    /// The pseudonym of a reviewer at work.
    func reviewerID(named name: String) throws -> ReviewerID {
        let id = try String.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT id FROM reviewer WHERE tenant = ? AND name = ? AND retiredAt IS NULL
                    """),
            arguments: [tenant.description, name])
        guard let id else { throw CaseStoreError.reviewerUnknown(name: name) }
        return try identifier(id, ReviewerID.self)
    }
}
