public import Foundation

/// Where things lie in the checkout that the tests were built from.
public enum Repository {
    /// The folder that holds Package.swift.
    public static let root: URL = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while folder.path != "/", !exists(folder.appending(path: "Package.swift")) {
            folder.deleteLastPathComponent()
        }
        precondition(folder.path != "/", "no Package.swift above \(#filePath)")
        return folder
    }()

    /// The photos that are checked in.
    public static var fixtures: URL { root.appending(path: "fixtures") }

    /// The models that are checked in.
    public static var models: URL { root.appending(path: "models") }

    /// What scripts/conformance and scripts/parity generate; absent before they ran.
    public static var generatedSuites: URL { root.appending(path: ".cache") }

    /// The folder of corpora and training photos beside the repository, or nil where there is none.
    public static var shared: URL? {
        let folder = root.deletingLastPathComponent().appending(path: "shared")
        return exists(folder) ? folder : nil
    }

    /// A file or folder of ``shared``, or nil where it is absent; tests that need it are skipped.
    public static func shared(_ path: String) -> URL? {
        guard let file = shared?.appending(path: path), exists(file) else { return nil }
        return file
    }

    /// Whether a file or folder is there.
    public static func exists(_ file: URL) -> Bool {
        FileManager.default.fileExists(atPath: file.path)
    }
}
