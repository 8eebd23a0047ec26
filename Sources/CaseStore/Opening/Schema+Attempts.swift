extension Schema {
    /// In which attempt a photo came: 1 for the first, more after `retake`.
    static let attempts = Migration(
        name: "attempts of photos",
        statements: ["ALTER TABLE photo ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1"])
}
