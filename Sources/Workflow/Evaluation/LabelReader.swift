import Foundation
import ReturnsDomain

/// Reads labels: the CSV of `docs/evaluating.md`, the manifest that a model was trained from, or
/// what `regrade review export --labels` writes.
public enum LabelReader {
    /// The most photos a labels file may name; their labels are held in memory.
    public static let rowCountLimit = 200_000

    private enum Column: String, CaseIterable {
        case path, inspection, sha256
        case outcome, severity, damaged, types, category, group, source, split
        // Columns of training manifests and of exported labels that are not needed here.
        case licence, width, height, view, misclassified
        case labelledBy = "labelled_by"
        case machineOutcome = "machine_outcome"
        case samplingProbability = "sampling_probability"
    }

    /// Reads all rows and checks them.
    ///
    /// - Parameters:
    ///   - path: The CSV file, with a header.
    ///   - photosFolder: What paths are relative to; the file's own folder if nil.
    ///   - limit: The most rows; ``rowCountLimit`` outside of tests.
    /// - Throws: ``ManifestError`` for the first mistake; unknown columns are all named.
    public static func labels(
        path: String, photosFolder: String? = nil, rowCountLimit limit: Int = rowCountLimit
    ) throws(ManifestError) -> [LabelledPhoto] {
        var reader = try CSVReader(path: path)
        let columns = try columns(of: try reader.next())
        let folder =
            photosFolder.map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? URL(fileURLWithPath: path).deletingLastPathComponent()
        var labels: [LabelledPhoto] = []
        while let fields = try reader.next() {
            let line = reader.recordLine
            guard fields.count == columns.count else {
                throw .wrongFieldCount(line: line, count: fields.count, expected: columns.count)
            }
            guard labels.count < limit else { throw .tooManyRows(limit: limit) }
            let row = LabelRow(
                line: line, fields: Dictionary(zip(columns.map(\.rawValue), fields)) { $1 })
            labels.append(try row.label(in: folder))
        }
        guard !labels.isEmpty else { throw .noRows }
        return labels
    }

    private static func columns(of header: [String]?) throws(ManifestError) -> [Column] {
        guard let header else { throw .noHeader }
        let names = header.map { $0.trimmingCharacters(in: .whitespaces) }
        let unknown = names.filter { Column(rawValue: $0) == nil }
        guard unknown.isEmpty else {
            throw .unknownColumns(unknown, known: Column.allCases.map(\.rawValue))
        }
        if let twice = names.first(where: { name in names.count(where: { $0 == name }) > 1 }) {
            throw .duplicateColumn(twice)
        }
        let columns = names.compactMap(Column.init(rawValue:))
        guard columns.contains(.path) || columns.contains(.inspection) else {
            throw .missingPlaceColumn
        }
        return columns
    }
}

/// One row of a labels file, before it is checked.
private struct LabelRow {
    let line: Int
    let fields: [String: String]

    func label(in folder: URL) throws(ManifestError) -> LabelledPhoto {
        let (path, place) = try place(in: folder)
        let severity = try severity()
        let damaged = try damaged()
        let outcome = try outcome()
        let impliedByOutcome = outcome == .resell ? nil : outcome.map { _ in true }
        let isDamaged = damaged ?? severity.map { $0 > .none } ?? impliedByOutcome
        if let damaged, let severity, damaged != (severity > .none) {
            throw .contradictoryLabel(
                line: line, "damaged is \(damaged) and severity is \(severity.name)")
        }
        return LabelledPhoto(
            path: path, place: place, isDamaged: isDamaged,
            severity: severity ?? (damaged == false ? Severity.none : nil), outcome: outcome,
            types: try types(), category: stated("category"), source: stated("source"),
            group: stated("group") ?? stated("inspection") ?? path, split: stated("split"))
    }

    /// The photo's name in messages, and where it lies; a path goes before an inspection.
    private func place(
        in folder: URL
    ) throws(ManifestError) -> (name: String, place: LabelledPhoto.Place) {
        if let path = stated("path") {
            return (path, .file(URL(fileURLWithPath: path, relativeTo: folder).path))
        }
        guard let text = stated("inspection") else { throw .missingPlace(line: line) }
        guard let inspection = InspectionID(text) else {
            throw wrong("inspection", text, "insp_…")
        }
        guard let digits = stated("sha256") else {
            return (text, .kept(inspection, sha256: nil))
        }
        guard let hash = ContentHash(digits) else {
            throw wrong("sha256", digits, "64 hexadecimal digits")
        }
        return ("\(text)/\(digits.prefix(12))", .kept(inspection, sha256: hash))
    }

    private func stated(_ column: String) -> String? {
        let text = fields[column]?.trimmingCharacters(in: .whitespaces) ?? ""
        return text.isEmpty ? nil : text
    }

    private func severity() throws(ManifestError) -> Severity? {
        guard let text = stated("severity") else { return nil }
        if let severity = Severity(name: text) ?? Int(text).flatMap(Severity.init(rawValue:)) {
            return severity
        }
        throw wrong("severity", text, "none, minor, moderate, severe or 0 to 3")
    }

    private func damaged() throws(ManifestError) -> Bool? {
        guard let text = stated("damaged") else { return nil }
        switch text.lowercased() {
        case "1", "true": return true
        case "0", "false": return false
        default: throw wrong("damaged", text, "0, 1, false or true")
        }
    }

    private func outcome() throws(ManifestError) -> Outcome? {
        guard let text = stated("outcome") else { return nil }
        guard let outcome = Outcome(rawValue: text), outcome.isFinal else {
            throw wrong("outcome", text, "resell, refurbish or reject")
        }
        return outcome
    }

    private func types() throws(ManifestError) -> Set<DamageType>? {
        guard let text = stated("types") else { return nil }
        var types: Set<DamageType> = []
        for word in text.split(separator: "|") {
            guard let type = DamageType(rawValue: String(word)) else {
                throw wrong(
                    "types", String(word),
                    DamageType.allCases.map(\.rawValue).joined(separator: "|"))
            }
            types.insert(type)
        }
        return types
    }

    private func wrong(_ column: String, _ text: String, _ expected: String) -> ManifestError {
        .unknownLabel(line: line, column: column, text: text, expected: expected)
    }
}
