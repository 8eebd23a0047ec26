import DecisionPolicy
import Foundation
import ReturnsDomain

/// Writes what people and the warehouse said as a manifest that `scripts/train` reads.
///
/// One row per photo. The warehouse's word counts above a reviewer's. What nobody said stays empty,
/// except what follows from the policy's rule: an outcome that only one severity leads to tells the
/// severity. A photo that several cases share puts them into one group, so that no split separates
/// them.
public struct LabelExport: Sendable {
    /// The columns: those of `docs/review-queue.md`.
    static let columns = [
        "path", "inspection", "outcome", "severity", "damaged", "types", "category", "group",
        "sha256", "view", "width", "height", "source", "licence", "labelled_by",
        "machine_outcome", "misclassified", "sampling_probability",
    ]

    private let policy: LoadedPolicy
    private let photoFolder: String?

    /// Prepares an export.
    ///
    /// - Parameters:
    ///   - policy: Explains outcomes of cases that were judged under it.
    ///   - photoFolder: Where kept photos are written, named by their hash; nil to leave them.
    public init(policy: LoadedPolicy, photoFolder: String?) {
        self.policy = policy
        self.photoFolder = photoFolder
    }

    /// Writes the file; the audit log says that labels, and which cases' photos, were exported.
    ///
    /// - Returns: How many rows were written.
    public func write(to path: String, from casebook: Casebook) async throws -> Int {
        var groups = PhotoGroups()
        try await casebook.forEachLabelledCase { labelled in
            groups.join(
                labelled.machine.id.description,
                photos: labelled.machine.photos.map(\.sha256.description))
        }
        let file = try OutputFile(path: path)
        try file.write(Data(csvRecord(Self.columns).utf8))
        var count = 0
        try await casebook.forEachLabelledCase { labelled in
            let paths = try await writePhotos(of: labelled, besides: path, from: casebook)
            let group = groups.group(of: labelled.machine.id.description)
            for photo in labelled.machine.photos {
                let row = row(labelled, photo, path: paths[photo.index] ?? "", group: group)
                try file.write(Data(csvRecord(row).utf8))
                count += 1
            }
        }
        try file.finish()
        try await casebook.noteLabelExport(count: count)
        return count
    }

    private func row(
        _ labelled: LabelledCase, _ photo: AdjudicatedPhoto, path: String, group: String
    ) -> [String] {
        let label = Label(labelled, policy: policy)
        let machine = labelled.machine
        return [
            path, machine.id.description, label.outcome?.rawValue ?? "",
            label.severity?.name ?? "", label.isDamaged.map { $0 ? "1" : "0" } ?? "",
            label.types?.map(\.rawValue).joined(separator: "|") ?? "",
            machine.order.category ?? "", group, photo.sha256.description, photo.view.rawValue,
            String(photo.width), String(photo.height), "regrade", "own",
            labelled.truth == nil ? "reviewer" : "warehouse",
            machine.decision.recommended.rawValue,
            label.isMisclassified.map { $0 ? "1" : "0" } ?? "",
            labelled.samplingProbability.map { "\($0)" } ?? "",
        ]
    }

    /// Writes the kept photos of a case; the audit log says who looked.
    ///
    /// - Returns: By index, the path that the row states.
    private func writePhotos(
        of labelled: LabelledCase, besides csv: String, from casebook: Casebook
    ) async throws -> [Int: String] {
        guard let photoFolder, !labelled.keptPhotos.isEmpty else { return [:] }
        do {
            try FileManager.default.createDirectory(
                atPath: photoFolder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(
                .cannotCreateOutput, code: "output_not_created",
                "folder \(photoFolder) cannot be made: \(error.localizedDescription)")
        }
        let bytes = try await casebook.viewPhotos(of: labelled.machine.id, reviewer: nil)
        var paths: [Int: String] = [:]
        for (index, bytes) in bytes {
            guard let photo = labelled.machine.photos.first(where: { $0.index == index }) else {
                continue
            }
            let name = "\(photo.sha256).\(photo.format == "png" ? "png" : "jpg")"
            let path = "\(photoFolder)/\(name)"
            guard
                FileManager.default.createFile(
                    atPath: path, contents: bytes, attributes: [.posixPermissions: 0o600])
            else {
                throw Failure(
                    .cannotCreateOutput, code: "output_not_created", "\(path) cannot be written")
            }
            paths[index] = Self.relative(path, to: csv)
        }
        return paths
    }

    /// A path as a manifest states it: relative to the manifest's folder if it lies below.
    static func relative(_ path: String, to csv: String) -> String {
        let folder = URL(fileURLWithPath: csv).deletingLastPathComponent().standardizedFileURL.path
        let full = URL(fileURLWithPath: path).standardizedFileURL.path
        return full.hasPrefix(folder + "/") ? String(full.dropFirst(folder.count + 1)) : full
    }
}

/// What is known of a case from those who judged it.
struct Label: Hashable {
    /// What should have been decided.
    let outcome: Outcome?
    let severity: Severity?
    let isDamaged: Bool?
    /// Nil where unknown; empty for an undamaged item.
    let types: [DamageType]?
    /// Whether the machine recommended something else.
    let isMisclassified: Bool?

    init(_ labelled: LabelledCase, policy: LoadedPolicy) {
        let machine = labelled.machine
        let outcome = labelled.truth?.outcome ?? labelled.decided?.outcome
        self.outcome = outcome
        var possible = Set(Severity.allCases)
        if let outcome, outcome.isFinal, machine.policy.sha256 == policy.sha256,
            let rule = policy.policy.rules.first(where: { $0.id == machine.policy.rule })
        {
            possible = possible.filter { rule.outcomes[$0] == outcome }
        }
        let named = labelled.decided.flatMap { decided in
            DamageType.allCases.first { $0.reasonCode == decided.reason }
        }
        let stated = labelled.truth?.types
        severity = labelled.truth?.severity ?? (possible.count == 1 ? possible.first : nil)
        if let severity {
            isDamaged = severity > .none
        } else if stated?.isEmpty == false || named != nil {
            isDamaged = true
        } else {
            isDamaged = possible.contains(.none) ? nil : true
        }
        types = stated ?? (isDamaged == false ? [] : named.map { [$0] })
        isMisclassified = outcome.flatMap { outcome in
            outcome.isFinal ? outcome != machine.decision.recommended : nil
        }
    }
}

/// Cases that share a photo, found by joining sets; the first case names its group.
struct PhotoGroups {
    private var parents: [String: String] = [:]
    private var owners: [String: String] = [:]

    /// Notes a case with its photos.
    mutating func join(_ item: String, photos: [String]) {
        for photo in photos {
            if let owner = owners[photo] {
                let (one, other) = (group(of: owner), group(of: item))
                if one != other { parents[max(one, other)] = min(one, other) }
            } else {
                owners[photo] = item
            }
        }
    }

    /// The name of a case's group.
    func group(of item: String) -> String {
        var name = item
        while let parent = parents[name] { name = parent }
        return name
    }
}
