import Foundation
internal import GRDB

/// Opens the database in the one way the record may be written: WAL, durable commits, foreign keys.
enum OpenedDatabase {
    /// How long a transaction waits for those of other processes.
    static let busyTimeoutSeconds = 5.0

    /// Opens or creates the database and brings its schema up to this build's; blocks.
    ///
    /// The caller holds the lock on opening, so that two processes never migrate at once.
    static func open(_ file: URL) throws -> DatabasePool {
        if !FileSystem.exists(file) {
            // Created here, so that it never exists with another mode than 0600.
            _ = try FileSystem.open(file, O_RDWR | O_CREAT)
        }
        let pool = try DatabasePool(path: file.path, configuration: configuration)
        let found = try pool.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }
        guard found <= Schema.version else {
            throw CaseStoreError.databaseNewer(found: found, supported: Schema.version)
        }
        try Schema.migrator.migrate(pool)
        // Only now: GRDB sets synchronous to NORMAL while it switches to WAL, after
        // `prepareDatabase`. With NORMAL a commit may be lost when the machine loses power.
        let synchronous = try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(db, sql: "PRAGMA synchronous")
        }
        guard synchronous == 2 else {
            throw CaseStoreError.database(code: 0, reason: "synchronous stays below FULL")
        }
        return pool
    }

    /// Opens the database for reading only, as an auditor without its keys does; blocks.
    static func openForReading(_ file: URL) throws -> DatabaseQueue {
        var configuration = configuration
        configuration.readonly = true
        let queue = try DatabaseQueue(path: file.path, configuration: configuration)
        let found = try queue.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }
        guard found <= Schema.version else {
            throw CaseStoreError.databaseNewer(found: found, supported: Schema.version)
        }
        return queue
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeoutSeconds)
        configuration.foreignKeysEnabled = true
        configuration.label = "regrade"
        configuration.prepareDatabase { db in
            // Freed pages are overwritten, so that what is erased is gone from the file.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            // What a savepoint needs to be undone stays in memory: written to a file, it would
            // double the writes of a group, and be one more place that holds personal data.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }
}
