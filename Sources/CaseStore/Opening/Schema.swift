internal import GRDB

/// The database's schema as numbered migrations, never edited after a release.
///
/// `tenant` stands first in every primary key. Times are milliseconds since 1970. What may be
/// erased without its row (documents, texts, names) may be NULL.
enum Schema {
    /// One step; its number is its place in ``migrations``, counted from 1.
    struct Migration {
        let name: String
        let statements: [String]
    }

    /// Every step in order.
    ///
    /// A step is never edited after a release; later ones live in files of
    /// their own, `Schema+….swift`.
    private static let migrations: [Migration] = [
        Migration(
            name: "1 inspections, reviews, audit and outbox",
            statements: [
                inspections, reviews, logs, requestsAndRuns,
                "PRAGMA application_id = \(applicationID)",
            ]),
        assessments,
        reviewQueue,
        checkpoints,
        erasures,
        serviceRequests,
        keyChanges,
        versions,
        photoLooks,
        webhooks,
        earlyWarnings,
        attempts,
        waitingPhotos,
        references,
    ]

    /// The `user_version` of this build.
    static let version = migrations.count
    /// The `application_id`: "RGRD".
    static let applicationID: Int64 = 0x5247_5244

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (index, migration) in migrations.enumerated() {
            migrator.registerMigration(migration.name) { db in
                for statement in migration.statements { try db.execute(sql: statement) }
                try db.execute(sql: "PRAGMA user_version = \(index + 1)")
            }
        }
        return migrator
    }

    private static let inspections = """
        CREATE TABLE sequence (
          tenant TEXT NOT NULL, name TEXT NOT NULL, last INTEGER NOT NULL,
          PRIMARY KEY (tenant, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE inspection (
          tenant TEXT NOT NULL, id TEXT NOT NULL, createdAt INTEGER NOT NULL,
          outcome TEXT NOT NULL, decidedBy TEXT NOT NULL,
          orderID TEXT, sku TEXT, category TEXT, region TEXT, consent TEXT,
          salt BLOB, wrappedDataKey BLOB, sealedStatement BLOB,
          erasedAt INTEGER,
          PRIMARY KEY (tenant, id)
        ) STRICT;
        CREATE INDEX inspectionByOrder ON inspection (tenant, orderID)
          WHERE orderID IS NOT NULL;
        CREATE INDEX inspectionBySKU ON inspection (tenant, sku) WHERE sku IS NOT NULL;
        CREATE TABLE photo (
          tenant TEXT NOT NULL, inspection TEXT NOT NULL, photoIndex INTEGER NOT NULL,
          sha256 TEXT, byteCount INTEGER NOT NULL, view TEXT NOT NULL, format TEXT NOT NULL,
          width INTEGER NOT NULL, height INTEGER NOT NULL, removedMetadata TEXT NOT NULL,
          keptName TEXT, keptSHA256 TEXT, keptByteCount INTEGER,
          PRIMARY KEY (tenant, inspection, photoIndex),
          FOREIGN KEY (tenant, inspection) REFERENCES inspection
        ) STRICT;
        CREATE INDEX photoByHash ON photo (tenant, sha256);
        CREATE UNIQUE INDEX photoByKeptName ON photo (keptName) WHERE keptName IS NOT NULL;
        CREATE TABLE adjudication (
          tenant TEXT NOT NULL, seq INTEGER NOT NULL, inspection TEXT NOT NULL,
          createdAt INTEGER NOT NULL, decidedBy TEXT NOT NULL, outcome TEXT NOT NULL,
          reviewer TEXT, document BLOB, auditSeq INTEGER NOT NULL,
          PRIMARY KEY (tenant, seq),
          FOREIGN KEY (tenant, inspection) REFERENCES inspection,
          FOREIGN KEY (tenant, auditSeq) REFERENCES auditEntry
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX adjudicationByInspection ON adjudication (tenant, inspection, seq);
        CREATE UNIQUE INDEX adjudicationByAuditSeq ON adjudication (tenant, auditSeq);
        """

    private static let reviews = """
        CREATE TABLE reviewer (
          tenant TEXT NOT NULL, id TEXT NOT NULL, name TEXT, addedAt INTEGER NOT NULL,
          retiredAt INTEGER,
          PRIMARY KEY (tenant, id), UNIQUE (tenant, name)
        ) STRICT;
        CREATE TABLE reviewTask (
          tenant TEXT NOT NULL, id TEXT NOT NULL, inspection TEXT NOT NULL, state TEXT NOT NULL,
          openedAt INTEGER NOT NULL, dueAt INTEGER NOT NULL, priority REAL NOT NULL,
          reasons TEXT NOT NULL, adjudicationSeq INTEGER NOT NULL, decidedAt INTEGER,
          PRIMARY KEY (tenant, id),
          FOREIGN KEY (tenant, inspection) REFERENCES inspection,
          FOREIGN KEY (tenant, adjudicationSeq) REFERENCES adjudication,
          CHECK (state IN ('open', 'leased', 'decided'))
        ) STRICT;
        CREATE INDEX reviewTaskByUrgency
          ON reviewTask (tenant, state, priority DESC, dueAt, id);
        CREATE INDEX reviewTaskByInspection ON reviewTask (tenant, inspection);
        CREATE TABLE reviewLease (
          tenant TEXT NOT NULL, task TEXT NOT NULL, lease TEXT NOT NULL, reviewer TEXT NOT NULL,
          token INTEGER NOT NULL, bootID TEXT NOT NULL, deadline INTEGER NOT NULL,
          expiresAt INTEGER NOT NULL,
          PRIMARY KEY (tenant, task),
          FOREIGN KEY (tenant, task) REFERENCES reviewTask,
          FOREIGN KEY (tenant, reviewer) REFERENCES reviewer
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE reviewDecision (
          tenant TEXT NOT NULL, task TEXT NOT NULL, token INTEGER NOT NULL,
          reviewer TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
          sealedComment BLOB, decidedAt INTEGER NOT NULL, adjudicationSeq INTEGER NOT NULL,
          PRIMARY KEY (tenant, task, token),
          FOREIGN KEY (tenant, task) REFERENCES reviewTask,
          FOREIGN KEY (tenant, reviewer) REFERENCES reviewer,
          FOREIGN KEY (tenant, adjudicationSeq) REFERENCES adjudication
        ) STRICT, WITHOUT ROWID;
        """

    private static let logs = """
        CREATE TABLE auditEntry (
          tenant TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, inspection TEXT,
          hash TEXT NOT NULL, line BLOB NOT NULL,
          PRIMARY KEY (tenant, seq)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX auditEntryByInspection ON auditEntry (tenant, inspection)
          WHERE inspection IS NOT NULL;
        CREATE TABLE queueEvent (
          tenant TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL, task TEXT NOT NULL,
          inspection TEXT NOT NULL, line BLOB NOT NULL,
          PRIMARY KEY (tenant, seq)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX queueEventByInspection ON queueEvent (tenant, inspection);
        CREATE TABLE outboxEvent (
          tenant TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
          inspection TEXT, createdAt INTEGER NOT NULL, body BLOB NOT NULL,
          PRIMARY KEY (tenant, seq), UNIQUE (tenant, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX outboxEventByInspection ON outboxEvent (tenant, inspection)
          WHERE inspection IS NOT NULL;
        """

    private static let requestsAndRuns = """
        CREATE TABLE idempotencyKey (
          tenant TEXT NOT NULL, route TEXT NOT NULL, key TEXT NOT NULL,
          fingerprint TEXT NOT NULL, state TEXT NOT NULL, inspection TEXT,
          status INTEGER, headers TEXT, body BLOB,
          createdAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL,
          PRIMARY KEY (tenant, route, key),
          CHECK (state IN ('running', 'completed', 'erased'))
        ) STRICT;
        CREATE INDEX idempotencyKeyByExpiry ON idempotencyKey (tenant, expiresAt);
        CREATE TABLE automationSwitch (
          tenant TEXT NOT NULL, category TEXT NOT NULL, region TEXT NOT NULL,
          share REAL NOT NULL, changedAt INTEGER NOT NULL,
          PRIMARY KEY (tenant, category, region), CHECK (share BETWEEN 0 AND 1)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE batchRun (
          tenant TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, startedAt INTEGER NOT NULL,
          PRIMARY KEY (tenant, id), UNIQUE (tenant, key)
        ) STRICT;
        CREATE TABLE batchItem (
          tenant TEXT NOT NULL, run TEXT NOT NULL, item TEXT NOT NULL,
          fingerprint TEXT NOT NULL, paths TEXT NOT NULL, adjudicationSeq INTEGER,
          errorCode TEXT, errorMessage TEXT,
          PRIMARY KEY (tenant, run, item),
          FOREIGN KEY (tenant, run) REFERENCES batchRun,
          FOREIGN KEY (tenant, adjudicationSeq) REFERENCES adjudication,
          CHECK ((adjudicationSeq IS NULL) <> (errorCode IS NULL))
        ) STRICT, WITHOUT ROWID;
        """
}

extension CaseStore {
    /// The `user_version` that this build writes, for tests.
    package static let schemaVersion = Schema.version
}
