import Foundation

/// Walks a folder and its subfolders in the order of their names.
///
/// Hidden files and folders are left out, symbolic links are not followed (a link could lead out of
/// the folder or in a circle). Memory is bounded by the depth of the tree, whatever the number of
/// files; see `FolderPages`.
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
        /// The folders that are open, the root first.
        private var stack: [(folder: String, pages: FolderPages)]

        fileprivate init(root: String) {
            self.root = root
            stack = FolderPages(path: root).map { [("", $0)] } ?? []
        }

        /// The next file's path relative to the root; nil at the end.
        public mutating func next() -> String? {
            while let top = stack.indices.last {
                guard let entry = stack[top].pages.next() else {
                    stack.removeLast()
                    continue
                }
                let folder = stack[top].folder
                let relative = folder.isEmpty ? entry.name : folder + "/" + entry.name
                switch entry.kind {
                case .file: return relative
                case .folder:
                    // A folder that cannot be listed is yielded itself, so that reading it fails
                    // and the failure is reported.
                    guard let pages = FolderPages(path: root + "/" + relative) else {
                        return relative
                    }
                    stack.append((relative, pages))
                case .other: continue
                }
            }
            return nil
        }
    }
}
