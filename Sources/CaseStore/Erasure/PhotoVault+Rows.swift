internal import GRDB

extension PhotoVault {
    /// Whether a row names a file.
    static func isNamed(_ name: String, in db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM photo WHERE keptName = ?1)
                  OR EXISTS (SELECT 1 FROM referencePhoto WHERE keptName = ?1)
                  OR EXISTS (SELECT 1 FROM referenceBank WHERE keptName = ?1)
                """,
            arguments: [name]) ?? false
    }

    /// Whether a submission that waits has a photo in one of the files.
    static func waits(for names: [String], in db: Database) throws -> Bool {
        try names.contains { name in
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM submissionPhoto WHERE keptName = ?)",
                arguments: [name]) ?? false
        }
    }
}
