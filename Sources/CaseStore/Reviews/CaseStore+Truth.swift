internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Records what the warehouse found; a later truth of the same case stands above earlier ones.
    ///
    /// - Parameters:
    ///   - truth: What was found; its time is replaced by the store's.
    ///   - inspection: The case.
    ///   - actor: Who states it.
    ///   - answer: The answer to the request that states it; nil if there is none.
    /// - Returns: The truth as recorded.
    /// - Throws: ``CaseStoreError/inspectionNotFound(_:)`` also after erasure.
    @discardableResult
    public func recordTruth(
        _ truth: Truth, of inspection: InspectionID, actor: AuditActor = .operatorOnHost,
        answering answer: KeptAnswer<Truth>? = nil
    ) async throws(CaseStoreError) -> Truth {
        try await write { transaction in
            let last = try Int.fetchOne(
                transaction.db,
                sql: """
                    SELECT (SELECT COALESCE(MAX(number), 0) FROM truth t
                      WHERE t.tenant = i.tenant AND t.inspection = i.id)
                    FROM inspection i WHERE tenant = ? AND id = ? AND erasedAt IS NULL
                    """,
                arguments: [transaction.tenant.description, inspection.description])
            guard let last else { throw CaseStoreError.inspectionNotFound(inspection) }
            let types = truth.types.map { wordList($0.map(\.rawValue)) }
            try transaction.execute(
                """
                INSERT INTO truth (tenant, inspection, number, recordedAt, outcome, severity,
                  types, resaleMinorUnits, resaleCurrency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    inspection.description, last + 1, transaction.now.millisecondsSince1970,
                    truth.outcome?.rawValue, truth.severity?.name, types,
                    truth.resaleValue?.minorUnits, truth.resaleValue?.currency,
                ])
            let facts: [(String, String?)] = [
                ("outcome", truth.outcome?.rawValue), ("severity", truth.severity?.name),
                ("types", types), ("resale_currency", truth.resaleValue?.currency),
                ("resale_minor_units", truth.resaleValue.map { String($0.minorUnits) }),
            ]
            var meta: [String: String] = [:]
            for case (let name, let value?) in facts { meta[name] = value }
            _ = try transaction.appendAudit(
                AuditContent(
                    kind: .truthRecorded, actor: actor, inspection: inspection, meta: meta))
            let recorded = Truth(
                outcome: truth.outcome, severity: truth.severity, types: truth.types,
                resaleValue: truth.resaleValue, recordedAt: transaction.now)
            try transaction.keep(answer, of: recorded, inspection: inspection)
            return recorded
        }
    }
}

extension Truth {
    /// Reads a row of the table `truth`.
    init(_ row: Row) throws {
        let (outcome, severity, types): (String?, String?, String?) =
            (row["outcome"], row["severity"], row["types"])
        let (amount, currency): (Int?, String?) = (row["resaleMinorUnits"], row["resaleCurrency"])
        var resaleValue: Money?
        if let amount, let currency { resaleValue = Money(minorUnits: amount, currency: currency) }
        self.init(
            outcome: try outcome.map { try word($0, Outcome.self) },
            severity: severity.flatMap { Severity(name: $0) },
            types: try types.map { try words($0).map { try word($0, DamageType.self) } },
            resaleValue: resaleValue, recordedAt: timestamp(row["recordedAt"]))
    }
}
