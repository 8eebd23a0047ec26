internal import GRDB

extension PhotoVault {
    /// Whether a row names a file.
    static func isNamed(_ name: String, in db: Database) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM photo WHERE keptName = ?)", arguments: [name])
            ?? false
    }
}
