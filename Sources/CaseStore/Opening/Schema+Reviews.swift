extension Schema {
    /// What the review queue needs beyond one answer a task: rank, kinds of tasks, several answers,
    /// undoing, who has seen which case, appeals, truth, cases of known answer.
    ///
    /// Personal data lie in `reviewDecision.sealedComment` and `appeal.sealedStatement` only, both
    /// sealed with the key of the inspection.
    static let reviewQueue = Migration(
        name: "review queue: ranks, several answers, undo, appeals, truth, gold",
        statements: [reviewTasks, reviewLeases, reviewDecisions, caseViews, judgements])

    private static let reviewTasks = """
        ALTER TABLE reviewTask ADD COLUMN kind TEXT NOT NULL DEFAULT 'review'
          CHECK (kind IN ('review', 'audit_sample', 'appeal', 'gold'));
        ALTER TABLE reviewTask ADD COLUMN rank REAL NOT NULL DEFAULT 0;
        ALTER TABLE reviewTask ADD COLUMN reviewersNeeded INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE reviewTask ADD COLUMN samplingProbability REAL;
        ALTER TABLE reviewTask ADD COLUMN expectedOutcome TEXT;
        UPDATE reviewTask SET rank = openedAt - 86400000.0 * priority / (priority + 50);
        DROP INDEX reviewTaskByUrgency;
        CREATE INDEX reviewTaskByRank ON reviewTask (tenant, state, rank, id);
        CREATE INDEX queueEventByTask ON queueEvent (tenant, task, seq);
        """

    // `lastDeadline`: how far heartbeats may move the deadline, on the same clock.
    private static let reviewLeases = """
        ALTER TABLE reviewLease ADD COLUMN leasedAt INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE reviewLease ADD COLUMN lastDeadline INTEGER NOT NULL DEFAULT 0;
        UPDATE reviewLease SET lastDeadline = deadline;
        """

    // Made anew because an answer that decides nothing has no adjudication.
    private static let reviewDecisions = """
        CREATE TABLE reviewAnswer (
          tenant TEXT NOT NULL, task TEXT NOT NULL, token INTEGER NOT NULL,
          reviewer TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
          sealedComment BLOB, decidedAt INTEGER NOT NULL, adjudicationSeq INTEGER,
          lease TEXT, bootID TEXT, deadline INTEGER, lastDeadline INTEGER, expiresAt INTEGER,
          leasedAt INTEGER, undoneAt INTEGER,
          PRIMARY KEY (tenant, task, token),
          FOREIGN KEY (tenant, task) REFERENCES reviewTask,
          FOREIGN KEY (tenant, reviewer) REFERENCES reviewer,
          FOREIGN KEY (tenant, adjudicationSeq) REFERENCES adjudication
        ) STRICT, WITHOUT ROWID;
        INSERT INTO reviewAnswer (tenant, task, token, reviewer, outcome, reason, sealedComment,
            decidedAt, adjudicationSeq)
          SELECT tenant, task, token, reviewer, outcome, reason, sealedComment, decidedAt,
            adjudicationSeq FROM reviewDecision;
        DROP TABLE reviewDecision;
        ALTER TABLE reviewAnswer RENAME TO reviewDecision;
        CREATE INDEX reviewDecisionByReviewer ON reviewDecision (tenant, reviewer);
        """

    // An empty task: the reviewer looked at the photos without holding a task of the case.
    private static let caseViews = """
        CREATE TABLE caseView (
          tenant TEXT NOT NULL, inspection TEXT NOT NULL, reviewer TEXT NOT NULL,
          task TEXT NOT NULL,
          PRIMARY KEY (tenant, inspection, reviewer, task),
          FOREIGN KEY (tenant, inspection) REFERENCES inspection,
          FOREIGN KEY (tenant, reviewer) REFERENCES reviewer
        ) STRICT, WITHOUT ROWID;
        INSERT OR IGNORE INTO caseView (tenant, inspection, reviewer, task)
          SELECT tenant, inspection, json_extract(CAST(line AS TEXT), '$.actor.id'),
            COALESCE(json_extract(CAST(line AS TEXT), '$.meta.task'), '')
          FROM auditEntry WHERE kind IN ('review_view', 'photo_view')
            AND json_extract(CAST(line AS TEXT), '$.actor.type') = 'reviewer';
        """

    private static let judgements = """
        CREATE TABLE appeal (
          tenant TEXT NOT NULL, task TEXT NOT NULL, inspection TEXT NOT NULL,
          openedAt INTEGER NOT NULL, sealedStatement BLOB, againstOutcome TEXT NOT NULL,
          decidedAt INTEGER, outcome TEXT,
          PRIMARY KEY (tenant, task),
          FOREIGN KEY (tenant, task) REFERENCES reviewTask,
          FOREIGN KEY (tenant, inspection) REFERENCES inspection
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX appealByInspection ON appeal (tenant, inspection);
        CREATE TABLE truth (
          tenant TEXT NOT NULL, inspection TEXT NOT NULL, number INTEGER NOT NULL,
          recordedAt INTEGER NOT NULL, outcome TEXT, severity TEXT, types TEXT,
          resaleMinorUnits INTEGER, resaleCurrency TEXT,
          PRIMARY KEY (tenant, inspection, number),
          FOREIGN KEY (tenant, inspection) REFERENCES inspection,
          CHECK ((resaleMinorUnits IS NULL) = (resaleCurrency IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE goldItem (
          tenant TEXT NOT NULL, inspection TEXT NOT NULL, outcome TEXT NOT NULL,
          addedAt INTEGER NOT NULL, usedAt INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (tenant, inspection),
          FOREIGN KEY (tenant, inspection) REFERENCES inspection
        ) STRICT, WITHOUT ROWID;
        """
}
