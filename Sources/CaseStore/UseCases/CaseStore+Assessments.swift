public import Foundation
internal import GRDB
public import ReturnsDomain

extension CaseStore {
    /// What was kept of one photo under one engine; nil if nothing was.
    ///
    /// Blocks for one look-up in an index, so it belongs on an owned thread.
    ///
    /// - Parameters:
    ///   - photo: SHA-256 of the bytes received.
    ///   - engine: SHA-256 over everything that decides what the answer is: model, preprocessing,
    ///     calibration, limits.
    public func assessment(
        ofPhoto photo: ContentHash, engine: ContentHash
    ) throws(CaseStoreError) -> Data? {
        let arguments: StatementArguments = [
            tenant.description, photo.description, engine.description,
        ]
        do {
            return try database.read { db in
                try Data.fetchOne(
                    db.cachedStatement(
                        sql: """
                            SELECT assessment FROM photoAssessment
                            WHERE tenant = ? AND sha256 = ? AND engine = ?
                            """),
                    arguments: arguments)
            }
        } catch {
            throw CaseStoreError(error)
        }
    }

    /// Keeps what an engine made of photos; what is kept already stays as it is.
    ///
    /// - Parameters:
    ///   - assessments: By the SHA-256 of the photos' bytes; what the bytes mean, the caller knows.
    ///   - engine: See ``assessment(ofPhoto:engine:)``.
    public func keepAssessments(
        _ assessments: [ContentHash: Data], engine: ContentHash
    ) async throws(CaseStoreError) {
        guard !assessments.isEmpty else { return }
        try await write { transaction in
            for (photo, assessment) in assessments {
                try transaction.execute(
                    """
                    INSERT INTO photoAssessment (tenant, sha256, engine, assessment)
                    VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """, [photo.description, engine.description, assessment])
            }
        }
    }
}
