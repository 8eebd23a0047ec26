extension Schema {
    /// Signed checkpoints of the audit log, and what makes the next one and any proof cheap.
    ///
    /// `frontier` lets the tree grow from a checkpoint without the entries before it. `subtreeRoot`
    /// is the root over entries 256 · number + 1 … 256 · (number + 1). Both can be computed from
    /// the entries; they are signed for only through the root in `note`.
    static let checkpoints = Migration(
        name: "checkpoints of the audit log",
        statements: [
            """
            CREATE TABLE auditCheckpoint (
              tenant TEXT NOT NULL, seq INTEGER NOT NULL, size INTEGER NOT NULL,
              madeAt INTEGER NOT NULL, frontier BLOB NOT NULL, note TEXT NOT NULL,
              PRIMARY KEY (tenant, seq), UNIQUE (tenant, size)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE auditSubtree (
              tenant TEXT NOT NULL, number INTEGER NOT NULL, root BLOB NOT NULL,
              PRIMARY KEY (tenant, number)
            ) STRICT, WITHOUT ROWID;
            """
        ])
}
