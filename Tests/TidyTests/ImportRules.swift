/// Who may import what: the module table of docs/architecture.md, for the modules not ours.
///
/// The arrows between our own modules are the compiler's to check
/// (`swift build --explicit-target-dependency-import-check error`).
enum ImportRules {
    static let all = [ownedImports]

    /// For each fenced or third-party module, the folders below Sources that may import it.
    static let owners: [String: [String]] = [
        "CImageCodecs": ["Imaging"],
        "CColorManagement": ["Imaging"],
        "COpenBLAS": ["NeuralNetwork/Kernels"],
        "CKernels": ["Imaging/Resizing", "NeuralNetwork/Kernels", "NeuralNetwork/Operators"],
        "AsyncHTTPClient": ["HTTPService"],
        "CAllocator": ["RegradeCLI"],
        "CZlib": ["HTTPService", "ReferenceComparison"],
        "SwiftProtobuf": ["NeuralNetwork"],
        "GRDB": ["CaseStore"],
        "Yams": ["Workflow"],
        "Configuration": ["Workflow"],
        "Crypto": ["CaseStore", "HTTPService", "Imaging", "Inspection", "Workflow"],
        "ArgumentParser": ["RegradeCLI"],
        "Hummingbird": ["HTTPService"],
        "NIOHTTP1": ["HTTPService"],
    ]

    static let ownedImports = TidyRule.eachLine(
        "C fences and third-party libraries are imported by their owners only",
        in: { $0.isSwift && $0.isBelow("Sources") },
        planted: [
            file("Workflow/Deciding.swift", "import GRDB"),
            file("Imaging/Photo.swift", "internal import COpenBLAS"),
            file("NeuralNetwork/Graph/Node.swift", "import struct COpenBLAS.blasint"),
            file("RegradeCLI/Main.swift", "@preconcurrency import Yams"),
        ],
        harmless: [
            file("CaseStore/Schema.swift", "internal import GRDB"),
            file("NeuralNetwork/Kernels/Multiply.swift", "import COpenBLAS"),
            file("Workflow/Deciding.swift", "import Foundation\n// import GRDB"),
        ],
        problem: { line, path in
            guard let module = importedModule(line), let folders = owners[module],
                !folders.contains(where: { path.hasPrefix("Sources/\($0)/") })
            else { return nil }
            return "\(module) belongs to \(folders.sorted().joined(separator: ", "))"
        })

    /// `public import struct GRDB.Row` imports `GRDB`.
    static func importedModule(_ line: Substring) -> String? {
        var words = line.code.split(separator: " ")[...]
        guard let keyword = words.firstIndex(of: "import") else { return nil }
        let modifiers = ["public", "package", "internal", "fileprivate", "private"]
        guard words[..<keyword].allSatisfy({ $0.hasPrefix("@") || modifiers.contains(String($0)) })
        else { return nil }
        words = words[(keyword + 1)...]
        let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        if let kind = words.first, kinds.contains(String(kind)) { words = words.dropFirst() }
        return words.first?.split(separator: ".").first.map(String.init)
    }

    private static func file(_ path: String, _ text: String) -> RepositoryFile {
        RepositoryFile(path: "Sources/" + path, text: text + "\n")
    }
}
