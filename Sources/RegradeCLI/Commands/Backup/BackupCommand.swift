import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade backup`.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Writes a consistent copy to a file while work goes on.",
        discussion: """
            The file is a tar archive of the database, the kept photos (sealed) and a manifest \
            with checksums; it is read back before the command ends. Keys are never in it: copy \
            DIR/keys and DIR/tombstones.jsonl to another place. See docs/backup.md.
            """)

    @Argument(help: "The file to write; it must not exist.")
    var file: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let report = try await common.casebook().backup(to: file)
        if common.json {
            try Terminal.standard.say(json: report)
        } else {
            Terminal.standard.say(
                "\(file): \(report.byteCount) bytes, \(report.photoCount) photos, as of "
                    + "\(report.createdAt)")
        }
        if report.missingPhotoCount > 0 {
            Terminal.standard.note(
                "regrade: \(report.missingPhotoCount) kept photos had no file any more")
        }
    }
}

/// `regrade restore`.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Puts a backup in the place of a data directory's record.",
        discussion: """
            Stop everything else that uses the directory first. Everything is verified before \
            anything is replaced, and once more afterwards. The directory's keys must be in \
            DIR/keys; its tombstones are applied, so that erased people stay erased.
            """)

    @Argument(help: "The backup.")
    var file: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let directory = try await common.namedDirectory()
        let report = try await RecordKeeping.restore(from: file, into: directory)
        if common.json {
            try Terminal.standard.say(json: report)
        } else {
            Terminal.standard.say(
                "restored the record as of \(report.backup.createdAt): "
                    + "\(report.backup.photoCount) photos, \(report.verifiedEntries) audit entries "
                    + "verified, \(report.erasedAgain) erased again")
        }
    }
}
