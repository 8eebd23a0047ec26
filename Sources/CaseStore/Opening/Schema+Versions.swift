extension Schema {
    /// What decided last, so that a change of policy, model or calibration is noticed; and the
    /// codes of what a photo's metadata said, never their values.
    ///
    /// The index finds results of files that could not be read, for they may name a person too.
    static let versions = Migration(
        name: "deciding versions, signs in metadata, unreadable items",
        statements: [
            """
            CREATE TABLE decidingVersion (
              tenant TEXT NOT NULL, part TEXT NOT NULL, version TEXT NOT NULL,
              sha256 TEXT NOT NULL,
              PRIMARY KEY (tenant, part), CHECK (part IN ('policy', 'model', 'calibration'))
            ) STRICT, WITHOUT ROWID;
            ALTER TABLE photo ADD COLUMN metadataSigns TEXT NOT NULL DEFAULT '';
            CREATE INDEX batchItemUnreadable ON batchItem (tenant, run, item)
              WHERE errorCode IS NOT NULL;
            """
        ])
}
