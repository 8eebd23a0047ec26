extension Schema {
    /// Receivers of webhooks, and what is on its way to each.
    ///
    /// `cursor` is the last event that was looked at for the endpoint: whatever lies behind it has
    /// a row in `webhookDelivery` if it is wanted, so that nothing is lost when the process dies.
    /// Secrets are wrapped by the wrapping key.
    static let webhooks = Migration(
        name: "webhook endpoints and deliveries",
        statements: [
            """
            CREATE TABLE webhookEndpoint (
              tenant TEXT NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL,
              description TEXT NOT NULL, eventTypes TEXT NOT NULL, createdAt INTEGER NOT NULL,
              cursor INTEGER NOT NULL, wrappedSecret BLOB NOT NULL,
              wrappedPreviousSecret BLOB, previousSecretUntil INTEGER,
              failingSince INTEGER, disabledAt INTEGER, disabledReason TEXT,
              PRIMARY KEY (tenant, id), UNIQUE (tenant, url),
              CHECK (disabledReason IN ('gone', 'failing')),
              CHECK ((disabledAt IS NULL) = (disabledReason IS NULL)),
              CHECK ((wrappedPreviousSecret IS NULL) = (previousSecretUntil IS NULL))
            ) STRICT;
            CREATE TABLE webhookDelivery (
              tenant TEXT NOT NULL, endpoint TEXT NOT NULL, seq INTEGER NOT NULL,
              state TEXT NOT NULL, attempts INTEGER NOT NULL, nextAt INTEGER,
              lastAttemptAt INTEGER, lastStatus INTEGER, lastError TEXT, settledAt INTEGER,
              PRIMARY KEY (tenant, endpoint, seq),
              FOREIGN KEY (tenant, endpoint) REFERENCES webhookEndpoint ON DELETE CASCADE,
              FOREIGN KEY (tenant, seq) REFERENCES outboxEvent,
              CHECK (state IN ('pending', 'delivered', 'dead', 'dropped')),
              CHECK ((state = 'pending') = (nextAt IS NOT NULL)),
              CHECK ((state = 'pending') = (settledAt IS NULL))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX webhookDeliveryByTime ON webhookDelivery (tenant, endpoint, nextAt, seq)
              WHERE state = 'pending';
            CREATE INDEX webhookDeliveryBySettling ON webhookDelivery (settledAt)
              WHERE settledAt IS NOT NULL;
            """
        ])
}
