internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// The longest reference of a legal hold, in UTF-8 bytes.
    public static let holdReferenceByteCountLimit = 100

    /// Keeps a case from being erased, by anyone and by retention; audited.
    ///
    /// - Parameters:
    ///   - inspection: Which case. If it is under a hold already, the reference is replaced.
    ///   - reference: The operator's reference to the matter; no personal data.
    /// - Throws: ``CaseStoreError/inspectionNotFound(_:)``,
    ///   ``CaseStoreError/inspectionErased(_:)``,
    ///   ``CaseStoreError/holdReferenceInvalid(byteCount:limit:)``.
    @discardableResult
    public func placeHold(
        on inspection: InspectionID, reference: String
    ) async throws(CaseStoreError) -> LegalHold {
        let limit = Self.holdReferenceByteCountLimit
        let isPlain = !reference.unicodeScalars.contains {
            $0.properties.generalCategory == .control
        }
        guard (1...limit).contains(reference.utf8.count), isPlain else {
            throw .holdReferenceInvalid(byteCount: reference.utf8.count, limit: limit)
        }
        return try await changeHold { transaction in
            do {
                try StoreTransaction.checkErasable(
                    inspection, of: transaction.tenant, in: transaction.db)
            } catch CaseStoreError.underLegalHold {
                // Replaced below.
            }
            try transaction.execute(
                """
                INSERT INTO legalHold (tenant, inspection, reference, placedAt)
                VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT DO UPDATE SET reference = ?3
                """,
                [inspection.description, reference, transaction.now.millisecondsSince1970])
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .holdChange, actor: .operatorOnHost, inspection: inspection,
                    meta: ["hold": "on"]))
            return LegalHold(
                inspection: inspection, reference: reference, placedAt: transaction.now)
        }
    }

    /// Lifts a hold; audited.
    ///
    /// - Throws: ``CaseStoreError/holdNotFound(_:)``.
    public func liftHold(on inspection: InspectionID) async throws(CaseStoreError) {
        try await changeHold { transaction in
            try transaction.execute(
                "DELETE FROM legalHold WHERE tenant = ? AND inspection = ?",
                [inspection.description])
            guard transaction.db.changesCount == 1 else {
                throw CaseStoreError.holdNotFound(inspection)
            }
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .holdChange, actor: .operatorOnHost, inspection: inspection,
                    meta: ["hold": "off"]))
        }
    }

    /// Every hold, by the case's id; at most ``pageCountLimit``.
    public func holds() async throws(CaseStoreError) -> [LegalHold] {
        let tenant = tenant
        return try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT inspection, reference, placedAt FROM legalHold WHERE tenant = ?
                    ORDER BY inspection LIMIT ?
                    """,
                arguments: [tenant.description, Self.pageCountLimit]
            ).map { row in
                LegalHold(
                    inspection: try identifier(row["inspection"], InspectionID.self),
                    reference: row["reference"], placedAt: timestamp(row["placedAt"]))
            }
        }
    }

    /// Changes holds while nobody erases.
    ///
    /// So a hold never comes between the tombstone of a case and its erasure.
    private func changeHold<Value: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws(CaseStoreError) -> Value {
        let (tenant, clock, database) = (tenant, clock, database)
        do {
            return try await eraser.whileNobodyErases {
                try database.write { db in
                    try body(StoreTransaction(db: db, tenant: tenant, clock: clock))
                }
            }
        } catch {
            throw CaseStoreError(error)
        }
    }
}
