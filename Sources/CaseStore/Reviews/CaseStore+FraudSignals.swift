internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// What earlier inspections make odd about new photos: reasons to look, never to refuse.
    ///
    /// `photo_seen_before` if one of the photos came before with *another* order. Without an
    /// order's number on both sides nothing is odd: directories are inspected again and again,
    /// and so is the same order.
    ///
    /// - Parameters:
    ///   - photos: SHA-256 of the bytes received.
    ///   - orderID: The order they come with.
    public func fraudSignals(
        photos: [ContentHash], orderID: String?
    ) async throws(CaseStoreError) -> [ReasonCode] {
        guard let orderID else { return [] }
        let tenant = tenant
        let isSeen = try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM photo p
                      JOIN inspection i ON i.tenant = p.tenant AND i.id = p.inspection
                      WHERE p.tenant = ? AND p.sha256 = ? AND i.orderID <> ?)
                    """)
            return try photos.contains { photo in
                try Bool.fetchOne(
                    statement, arguments: [tenant.description, photo.description, orderID]) == true
            }
        }
        return isSeen ? [.photoSeenBefore] : []
    }
}
