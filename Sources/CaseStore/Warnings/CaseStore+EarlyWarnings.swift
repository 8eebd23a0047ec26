import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// Products, and categories, that are counted at once.
    public static let segmentCountLimit = 100_000

    /// Every tenant that has recorded something.
    public func tenants() async throws(CaseStoreError) -> [Tenant] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT DISTINCT tenant FROM sequence ORDER BY tenant")
                .map(rowTenant)
        }
    }

    /// What happened per product and per category, lately and before; erased cases are not counted.
    ///
    /// - Parameters:
    ///   - past: Where the time before begins.
    ///   - recent: Where it ends and the recent window begins.
    ///   - end: Where the recent window ends.
    /// - Returns: At most ``segmentCountLimit`` products and as many categories.
    public func segmentCounts(
        past: Timestamp, recent: Timestamp, until end: Timestamp
    ) async throws(CaseStoreError) -> [SegmentCounts] {
        let tenant = tenant
        return try await read { db in
            try ["sku", "category"].flatMap { column in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT \(column) AS name, MIN(createdAt) AS first,
                          SUM(createdAt >= ?3) AS recent, COUNT(*) AS total,
                          SUM(createdAt >= ?3 AND outcome = 'retake') AS recentRetakes,
                          SUM(outcome = 'retake') AS retakes,
                          SUM(createdAt >= ?3 AND outcome = 'reject') AS recentRejects,
                          SUM(outcome = 'reject') AS rejects
                        FROM inspection
                        WHERE tenant = ?1 AND createdAt >= ?2 AND createdAt < ?4
                          AND erasedAt IS NULL AND \(column) IS NOT NULL
                        GROUP BY \(column) ORDER BY recent DESC, name LIMIT ?5
                        """,
                    arguments: [
                        tenant.description, past.millisecondsSince1970,
                        recent.millisecondsSince1970, end.millisecondsSince1970,
                        Self.segmentCountLimit,
                    ]
                ).map { row in
                    SegmentCounts(
                        row, segment: column == "sku" ? .sku(row["name"]) : .category(row["name"]))
                }
            }
        }
    }

    /// Makes an outgoing event of each warning, unless the same was warned of since a moment.
    ///
    /// - Returns: The warnings that became events.
    @discardableResult
    public func record(
        _ warnings: [EarlyWarning], unlessWarnedSince moment: Timestamp
    ) async throws(CaseStoreError) -> [EarlyWarning] {
        guard !warnings.isEmpty else { return [] }
        return try await write { transaction in
            try warnings.filter { warning in
                let (scope, name) = warning.segment.words
                try transaction.execute(
                    """
                    INSERT INTO earlyWarning (tenant, measure, scope, name, warnedAt)
                    VALUES (?1, ?2, ?3, ?4, ?5)
                    ON CONFLICT (tenant, measure, scope, name)
                    DO UPDATE SET warnedAt = excluded.warnedAt WHERE warnedAt < ?6
                    """,
                    [
                        warning.measure.rawValue, scope, name,
                        transaction.now.millisecondsSince1970, moment.millisecondsSince1970,
                    ])
                guard transaction.db.changesCount == 1 else { return false }
                try transaction.appendWarningEvent(warning)
                return true
            }
        }
    }
}

extension SegmentCounts {
    /// Reads a row of counts.
    fileprivate init(_ row: Row, segment: EarlyWarning.Segment) {
        let recent: [EarlyWarning.Measure: Int] = [
            .submissions: row["recent"], .retakes: row["recentRetakes"],
            .rejects: row["recentRejects"],
        ]
        let total: [EarlyWarning.Measure: Int] = [
            .submissions: row["total"], .retakes: row["retakes"], .rejects: row["rejects"],
        ]
        self.init(
            segment: segment, firstAt: timestamp(row["first"]), recent: recent,
            past: total.merging(recent) { $0 - $1 })
    }
}

extension EarlyWarning.Segment {
    /// The columns that name a segment.
    fileprivate var words: (scope: String, name: String) {
        switch self {
        case .sku(let name): ("sku", name)
        case .category(let name): ("category", name)
        }
    }
}

extension StoreTransaction {
    fileprivate func appendWarningEvent(_ warning: EarlyWarning) throws {
        let seq = try next(.outboxEvent)
        let id = EventID(at: now)
        let body = EarlyWarningEvent(id: id, tenant: tenant, time: now, seq: seq, warning: warning)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try execute(
            "INSERT INTO outboxEvent (tenant, seq, id, type, createdAt, body) VALUES "
                + "(?, ?, ?, ?, ?, ?)",
            [
                seq, id.description, EarlyWarningEvent.typeName, now.millisecondsSince1970,
                encoder.encode(body),
            ])
    }
}

/// The outgoing event `regrade.early_warning.v1`: CloudEvents 1.0, structured JSON.
struct EarlyWarningEvent: Encodable {
    static let typeName = "regrade.early_warning.v1"

    let specversion = "1.0"
    let datacontenttype = "application/json"
    let id: EventID
    let source: String
    let type = Self.typeName
    /// `sku/NAME` or `category/NAME`.
    let subject: String
    let time: Timestamp
    let sequence: String
    let data: Payload

    struct Payload: Encodable {
        let status_code = "early_warning"
        let sku: String?
        let category: String?
        let measure: String
        let recent_count: Int
        let recent_hours: Double
        let past_count: Int
        let past_hours: Double
        let probability: Double
    }

    init(id: EventID, tenant: Tenant, time: Timestamp, seq: Int64, warning: EarlyWarning) {
        let (scope, name) = warning.segment.words
        self.id = id
        source = "/tenants/\(tenant)"
        subject = "\(scope)/\(name)"
        self.time = time
        sequence = String(seq)
        data = Payload(
            sku: scope == "sku" ? name : nil, category: scope == "category" ? name : nil,
            measure: warning.measure.rawValue, recent_count: warning.recentCount,
            recent_hours: warning.recentHours, past_count: warning.pastCount,
            past_hours: warning.pastHours, probability: warning.probability)
    }
}
