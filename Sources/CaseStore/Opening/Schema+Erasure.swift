extension Schema {
    /// Erasures, legal holds, and how far the tombstones are applied.
    ///
    /// `tombstoneProgress` has one row, of the empty tenant: the tombstones are one file for all.
    static let erasures = Migration(
        name: "erasures, legal holds, tombstones", statements: [erasureTables])

    private static let erasureTables = """
        CREATE TABLE erasure (
          tenant TEXT NOT NULL, inspection TEXT NOT NULL, scope TEXT NOT NULL,
          erasedAt INTEGER NOT NULL, auditSeq INTEGER NOT NULL, finishedAt INTEGER,
          PRIMARY KEY (tenant, inspection, scope),
          FOREIGN KEY (tenant, inspection) REFERENCES inspection,
          FOREIGN KEY (tenant, auditSeq) REFERENCES auditEntry,
          CHECK (scope IN ('photos', 'texts', 'case'))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX erasureUnfinished ON erasure (tenant) WHERE finishedAt IS NULL;
        CREATE TABLE tombstoneProgress (
          tenant TEXT NOT NULL, byteCount INTEGER NOT NULL,
          PRIMARY KEY (tenant)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE legalHold (
          tenant TEXT NOT NULL, inspection TEXT NOT NULL, reference TEXT NOT NULL,
          placedAt INTEGER NOT NULL,
          PRIMARY KEY (tenant, inspection),
          FOREIGN KEY (tenant, inspection) REFERENCES inspection
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX inspectionByAge ON inspection (tenant, createdAt) WHERE erasedAt IS NULL;
        CREATE INDEX batchItemByAdjudication ON batchItem (tenant, adjudicationSeq)
          WHERE adjudicationSeq IS NOT NULL;
        """
}
