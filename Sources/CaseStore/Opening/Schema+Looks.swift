extension Schema {
    /// What photos look like, in four parts, each of which finds those that are alike.
    ///
    /// A photo's own look stands in its row, from which erasing a case knows the four parts.
    static let photoLooks = Migration(
        name: "what photos look like",
        statements: [
            "ALTER TABLE photo ADD COLUMN look INTEGER",
            """
            CREATE TABLE photoLook (
              tenant TEXT NOT NULL, number INTEGER NOT NULL, part INTEGER NOT NULL,
              inspection TEXT NOT NULL, photoIndex INTEGER NOT NULL, look INTEGER NOT NULL,
              PRIMARY KEY (tenant, number, part, inspection, photoIndex),
              CHECK (number BETWEEN 0 AND 3), CHECK (part BETWEEN 0 AND 65535)
            ) STRICT, WITHOUT ROWID
            """,
        ])
}
