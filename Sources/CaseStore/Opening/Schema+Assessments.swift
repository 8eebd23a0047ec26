extension Schema {
    /// What a model made of a photo, by the photo's content, so that it is not computed again.
    ///
    /// No row is the record of anything: the table may be emptied at any time.
    static let assessments = Migration(
        name: "photo assessments by content",
        statements: [
            """
            CREATE TABLE photoAssessment (
              tenant TEXT NOT NULL, sha256 TEXT NOT NULL, engine TEXT NOT NULL,
              assessment BLOB NOT NULL,
              PRIMARY KEY (tenant, sha256, engine)
            ) STRICT, WITHOUT ROWID
            """
        ])
}
