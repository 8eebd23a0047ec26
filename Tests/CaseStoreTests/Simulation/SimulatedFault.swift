import CaseStore
import Statistics

/// A write that fails somewhere in a transaction: a trigger on one table of one connection.
///
/// `ABORT` undoes the statement, `FAIL` leaves what it did so far, and `ROLLBACK` gives the whole
/// transaction up, as SQLite does where the disk is full. In each case nothing may remain.
struct SimulatedFault {
    private static let tables = [
        "adjudication", "auditEntry", "idempotencyKey", "inspection", "outboxEvent", "photo",
        "queueEvent", "reviewDecision", "reviewLease", "reviewTask", "sequence",
        "webhookDelivery", "webhookEndpoint",
    ]
    private static let name = "simulated fault"

    private let trigger: String

    /// Draws a fault.
    init(_ generator: inout SeededGenerator) {
        let table = Self.tables[generator.index(below: Self.tables.count)]
        let event = ["INSERT", "UPDATE", "DELETE"][generator.index(below: 3)]
        let word = ["ABORT", "FAIL", "ROLLBACK"][generator.index(below: 3)]
        trigger = """
            CREATE TEMP TRIGGER fault BEFORE \(event) ON main.\(table)
            BEGIN SELECT RAISE(\(word), '\(Self.name)'); END
            """
    }

    func arm(_ store: CaseStore) async throws { try await store.tamper(trigger) }

    static func disarm(_ store: CaseStore) async throws {
        try await store.tamper("DROP TRIGGER temp.fault")
    }

    /// Whether an error came from a fault.
    static func caused(_ error: CaseStoreError) -> Bool {
        if case .database(_, name) = error { true } else { false }
    }
}
