extension Schema {
    /// Finds the entries that say that a key changed without reading the whole log.
    static let keyChanges = Migration(
        name: "changes of keys in the audit log",
        statements: [
            """
            CREATE INDEX auditEntryOfKeyChange ON auditEntry (tenant, seq)
              WHERE kind = 'key_change';
            """
        ])
}
