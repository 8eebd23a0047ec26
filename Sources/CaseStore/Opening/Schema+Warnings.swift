extension Schema {
    /// When each product or category was warned of last, so that one rise is one event.
    static let earlyWarnings = Migration(
        name: "early warnings",
        statements: [
            """
            CREATE TABLE earlyWarning (
              tenant TEXT NOT NULL, measure TEXT NOT NULL, scope TEXT NOT NULL,
              name TEXT NOT NULL, warnedAt INTEGER NOT NULL,
              PRIMARY KEY (tenant, measure, scope, name),
              CHECK (scope IN ('sku', 'category'))
            ) STRICT, WITHOUT ROWID;
            """
        ])
}
