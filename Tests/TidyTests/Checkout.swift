import Foundation
import TestSupport

/// The files of the checkout as the rules see them.
///
/// Hidden folders (build outputs, environments, caches) and what Python and the package manager
/// leave behind are not part of the repository.
enum Checkout {
    static let byteCountLimit = 1 << 20

    struct Entry: Sendable {
        let path: String
        let byteCount: Int
        let isExecutable: Bool
    }

    /// Every file, by path.
    static let entries: [Entry] = {
        var found: [Entry] = []
        visit("", into: &found)
        return found.sorted { $0.path < $1.path }
    }()

    /// Every file that is text, with its content.
    static let textFiles: [RepositoryFile] = entries.compactMap { entry in
        guard entry.byteCount <= byteCountLimit,
            let data = FileManager.default.contents(
                atPath: Repository.root.appending(path: entry.path).path),
            let text = String(data: data, encoding: .utf8), !text.contains("\0")
        else { return nil }
        return RepositoryFile(path: entry.path, text: text)
    }

    /// Every path that a link may point at: files and the folders above them.
    static let paths: Set<String> = {
        var paths: Set<String> = []
        for entry in entries {
            var parts = entry.path.split(separator: "/")
            while !parts.isEmpty {
                paths.insert(parts.joined(separator: "/"))
                parts.removeLast()
            }
        }
        return paths
    }()

    private static let visibleHiddenNames: Set = [".ci", ".gitignore", ".swift-format"]
    private static let generatedNames: Set = ["__pycache__", "Package.resolved"]

    private static func visit(_ folder: String, into found: inout [Entry]) {
        let manager = FileManager.default
        let url = Repository.root.appending(path: folder)
        for name in (try? manager.contentsOfDirectory(atPath: url.path)) ?? [] {
            if name.hasPrefix("."), !visibleHiddenNames.contains(name) { continue }
            if generatedNames.contains(name) { continue }
            let path = folder.isEmpty ? name : folder + "/" + name
            let place = Repository.root.appending(path: path).path
            let attributes = try? manager.attributesOfItem(atPath: place)
            switch attributes?[.type] as? FileAttributeType {
            case .typeDirectory: visit(path, into: &found)
            case .typeRegular:
                found.append(
                    Entry(
                        path: path, byteCount: attributes?[.size] as? Int ?? 0,
                        isExecutable: manager.isExecutableFile(atPath: place)))
            default: continue
            }
        }
    }
}
