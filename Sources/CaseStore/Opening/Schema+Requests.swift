extension Schema {
    /// What the HTTP service needs beside the record: API keys, and submissions that were accepted
    /// but not inspected yet.
    static let serviceRequests = Migration(
        name: "API keys and waiting submissions",
        statements: [
            """
            CREATE TABLE apiKey (
              tenant TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, hash BLOB NOT NULL,
              scopes TEXT NOT NULL, createdAt INTEGER NOT NULL, expiresAt INTEGER,
              revokedAt INTEGER,
              PRIMARY KEY (tenant, id)
            ) STRICT;
            CREATE UNIQUE INDEX apiKeyByID ON apiKey (id);
            CREATE TABLE submission (
              tenant TEXT NOT NULL, id TEXT NOT NULL, createdAt INTEGER NOT NULL,
              state TEXT NOT NULL, wrappedDataKey BLOB, sealedOrder BLOB, locale TEXT NOT NULL,
              failureCode TEXT, failureMessage TEXT,
              PRIMARY KEY (tenant, id),
              CHECK (state IN ('waiting', 'failed')),
              CHECK ((state = 'failed') = (failureCode IS NOT NULL))
            ) STRICT;
            CREATE INDEX submissionByState ON submission (state, id);
            CREATE TABLE submissionPhoto (
              tenant TEXT NOT NULL, submission TEXT NOT NULL, photoIndex INTEGER NOT NULL,
              view TEXT NOT NULL, sealedBytes BLOB NOT NULL,
              PRIMARY KEY (tenant, submission, photoIndex),
              FOREIGN KEY (tenant, submission) REFERENCES submission ON DELETE CASCADE
            ) STRICT;
            """
        ])
}
