import Foundation

/// Walks a folder and its subfolders in the order of their names.
///
/// Hidden files and folders are left out, symbolic links are not followed (a link could lead out of
/// the folder or in a circle). Memory is bounded by the largest single folder.
public struct PhotoTree: Sequence, Sendable {
    /// The folder that is walked.
    public let root: String

    /// Names the folder.
    public init(root: String) {
        self.root = root
    }

    /// Starts at the beginning.
    public func makeIterator() -> Iterator {
        Iterator(root: root)
    }

    /// Yields the paths of regular files, relative to the root.
    public struct Iterator: IteratorProtocol {
        private let root: String
        /// Names still to visit per open folder, last first.
        private var stack: [(folder: String, names: [String])]

        fileprivate init(root: String) {
            self.root = root
            stack = [("", Self.names(in: root) ?? [])]
        }

        /// The next file's path relative to the root; nil at the end.
        public mutating func next() -> String? {
            while let top = stack.indices.last {
                guard let name = stack[top].names.popLast() else {
                    stack.removeLast()
                    continue
                }
                let folder = stack[top].folder
                let relative = folder.isEmpty ? name : folder + "/" + name
                let path = root + "/" + relative
                switch Self.kind(of: path) {
                case .typeRegular: return relative
                case .typeDirectory:
                    // A folder that cannot be listed is yielded itself, so that reading it fails
                    // and the failure is reported.
                    guard let names = Self.names(in: path) else { return relative }
                    stack.append((relative, names))
                default: continue
                }
            }
            return nil
        }

        private static func names(in folder: String) -> [String]? {
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
            return names.map { $0.filter { !$0.hasPrefix(".") }.sorted(by: >) }
        }

        private static func kind(of path: String) -> FileAttributeType? {
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return attributes?[.type] as? FileAttributeType
        }
    }
}
