extension Schema {
    /// Photos of waiting submissions as sealed files instead of rows.
    ///
    /// A row of megabytes goes through the write-ahead log, into the database and, overwritten,
    /// out of it again, all while every other transaction waits. Rows of older versions stay.
    static let waitingPhotos = Migration(
        name: "waiting photos as files",
        statements: [
            """
            CREATE TABLE submissionPhotoWithName (
              tenant TEXT NOT NULL, submission TEXT NOT NULL, photoIndex INTEGER NOT NULL,
              view TEXT NOT NULL, sealedBytes BLOB, keptName TEXT,
              PRIMARY KEY (tenant, submission, photoIndex),
              FOREIGN KEY (tenant, submission) REFERENCES submission ON DELETE CASCADE,
              CHECK ((sealedBytes IS NULL) <> (keptName IS NULL))
            ) STRICT;
            INSERT INTO submissionPhotoWithName
              SELECT tenant, submission, photoIndex, view, sealedBytes, NULL FROM submissionPhoto;
            DROP TABLE submissionPhoto;
            ALTER TABLE submissionPhotoWithName RENAME TO submissionPhoto;
            CREATE UNIQUE INDEX submissionPhotoByKeptName ON submissionPhoto (keptName)
              WHERE keptName IS NOT NULL;
            """
        ])
}
