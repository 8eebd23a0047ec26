import Foundation
import ReturnsDomain

/// Where the items of a batch come from.
public enum BatchSource: Sendable, Hashable {
    /// A folder tree: one item per file.
    case files(root: String)
    /// A folder tree: the files of one folder are the photos of one item.
    case folders(root: String)
    /// A CSV manifest.
    case manifest(path: String)

    /// A short word for the kind of source, part of a run's key.
    var kind: String {
        switch self {
        case .files: "files"
        case .folders: "folders"
        case .manifest: "manifest"
        }
    }

    /// The folder or file, with links resolved, so that one source has one key.
    var resolvedPath: String {
        switch self {
        case .files(let path), .folders(let path), .manifest(let path):
            URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        }
    }

    /// The file that a path of a result names.
    func photoFile(_ path: String) -> String {
        switch self {
        case .files(let root), .folders(let root): root + "/" + path
        case .manifest(let manifest):
            URL(
                fileURLWithPath: path,
                relativeTo: URL(fileURLWithPath: manifest).deletingLastPathComponent()
            ).path
        }
    }

    /// How many items there are; a manifest is checked to its end on the way.
    ///
    /// - Returns: Too few if the task was cancelled.
    /// - Throws: ``ManifestError`` for a wrong manifest.
    func itemCount() async throws -> Int {
        if case .manifest(let path) = self { return try ManifestSurvey(path: path).itemCount }
        var count = 0
        try await forEachEntry { _ in
            try Task.checkCancellation()
            count += 1
        }
        return count
    }

    /// Walks all items in a fixed order.
    ///
    /// - Parameter body: Called with each item; throw to stop.
    /// - Throws: ``ManifestError`` for a wrong manifest, or what `body` throws.
    func forEachEntry(_ body: (BatchEntry) async throws -> Void) async throws {
        switch self {
        case .files(let root):
            for path in PhotoTree(root: root) where FileKind(path: path) != .otherDocument {
                try await body(Self.entry(item: path, paths: [path], root: root))
            }
        case .folders(let root):
            try await forEachFolder(root: root, body)
        case .manifest(let path):
            var reader = try ManifestReader(path: path)
            while let entry = try reader.next() { try await body(entry) }
        }
    }

    private func forEachFolder(
        root: String, _ body: (BatchEntry) async throws -> Void
    ) async throws {
        // Files of a folder and its subfolders may alternate in the walk; a subfolder is an item of
        // its own, so an item is complete only once the walk has left the folder for good.
        var open: [(folder: String, paths: [String])] = []
        for path in PhotoTree(root: root) where FileKind(path: path) != .otherDocument {
            let folder = Self.folder(of: path)
            while let last = open.last, last.folder != folder, !(isInside(folder, last.folder)) {
                open.removeLast()
                try await body(Self.entry(item: last.folder, paths: last.paths, root: root))
            }
            if let last = open.last, last.folder == folder {
                // One more than an item may have is enough to refuse it.
                if last.paths.count <= ItemSubmission.photoCountLimit {
                    open[open.count - 1].paths.append(path)
                }
            } else {
                open.append((folder, [path]))
            }
        }
        for item in open.reversed() {
            try await body(Self.entry(item: item.folder, paths: item.paths, root: root))
        }
    }

    private func isInside(_ folder: String, _ parent: String) -> Bool {
        parent == "." || folder.hasPrefix(parent + "/")
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private static func entry(item: String, paths: [String], root: String) -> BatchEntry {
        BatchEntry(
            item: item, paths: paths,
            submission: ItemSubmission(
                photos: paths.map { SubmittedPhoto(path: root + "/" + $0, view: .other) },
                order: OrderData()))
    }
}

/// What a file's name says about it; only used to leave out files that nobody means as photos.
///
/// A file with a picture's extension, or with none or an unknown one, is tried and, if it is no
/// photo, reported. What a file is, its leading bytes decide.
enum FileKind: Hashable {
    /// May be a photo.
    case possiblePhoto
    /// A text, table or program that lies among the photos.
    case otherDocument

    init(path: String) {
        let name = path.split(separator: "/").last ?? ""
        let fileExtension = name.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        self = Self.documentExtensions.contains(fileExtension) ? .otherDocument : .possiblePhoto
    }

    private static let documentExtensions: Set<String> = [
        "csv", "db", "html", "json", "jsonl", "log", "md", "sqlite", "tsv", "txt", "xml", "yaml",
        "yml",
    ]
}
