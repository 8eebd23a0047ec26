import Foundation
internal import GRDB
import ReturnsDomain

/// Everything that the database holds of one case, found before it is erased.
struct CaseTraces {
    private(set) var removed = ErasureReceipt.Removed()
    /// What requests of the HTTP service were named.
    let idempotencyKeys: [(route: String, key: String)]
    /// Texts that lead to the person or to the case; none may be found in the files afterwards.
    private(set) var traces: [Data]

    init(of id: InspectionID, tenant: Tenant, in db: Database) throws {
        let arguments: StatementArguments = [tenant.description, id.description]
        func strings(_ sql: String) throws -> [String] {
            try String.fetchAll(db, sql: sql, arguments: arguments)
        }
        func count(_ sql: String) throws -> Int {
            try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(sql)", arguments: arguments) ?? 0
        }
        let documents = try Data.fetchAll(
            db,
            sql: """
                SELECT document FROM adjudication
                WHERE tenant = ? AND inspection = ? AND document IS NOT NULL
                """,
            arguments: arguments)
        idempotencyKeys = try Row.fetchAll(
            db, sql: "SELECT route, key FROM idempotencyKey WHERE tenant = ? AND inspection = ?",
            arguments: arguments
        ).map { ($0["route"], $0["key"]) }

        let items = try strings(
            """
            SELECT item FROM batchItem WHERE tenant = ?1 AND \(ErasureRules.inspectedInBatch)
            UNION ALL
            SELECT item FROM batchItem WHERE tenant = ?1 AND \(ErasureRules.unreadableOfCase)
            """)
        let paths = try strings(
            """
            SELECT paths FROM batchItem WHERE tenant = ?1 AND \(ErasureRules.inspectedInBatch)
            UNION ALL
            SELECT paths FROM batchItem WHERE tenant = ?1 AND \(ErasureRules.unreadableOfCase)
            """)
        let hashes = try strings(
            "SELECT sha256 FROM photo WHERE tenant = ? AND inspection = ? AND sha256 IS NOT NULL")
        let kept = try Self.keptNames(of: id, tenant: tenant, in: db)
        removed.photos = try count("photo WHERE tenant = ? AND inspection = ?")
        removed.keptPhotos = kept.count
        removed.documents = documents.count
        removed.queueLines = try count("queueEvent WHERE tenant = ? AND inspection = ?")
        removed.events = try count("outboxEvent WHERE tenant = ? AND inspection = ?")
        removed.answers = idempotencyKeys.count
        removed.batchItems = items.count
        removed.tasks = try count("reviewTask WHERE tenant = ? AND inspection = ?")

        let references = try ReferenceTraces(of: id, tenant: tenant, in: db)
        removed.references = references.ids.count

        var words = references.words + items + paths + hashes + kept
        words += idempotencyKeys.map(\.key) + [id.description]
        words += try strings(
            "SELECT orderID FROM inspection WHERE tenant = ? AND id = ? AND orderID IS NOT NULL")
        traces = words.map { Data($0.utf8) }
        traces += documents.compactMap(Self.customer(in:))
    }

    /// The names of the files that hold a case's kept photos.
    static func keptNames(
        of id: InspectionID, tenant: Tenant, in db: Database
    ) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT keptName FROM photo
                WHERE tenant = ? AND inspection = ? AND keptName IS NOT NULL
                """,
            arguments: [tenant.description, id.description])
    }

    private static func customer(in document: Data) -> Data? {
        struct Customer: Decodable { let customer_ref: String? }
        let customer = try? JSONDecoder().decode(Customer.self, from: document).customer_ref
        return customer.map { Data($0.utf8) }
    }
}
