import Foundation
import NeuralNetwork
import TestSupport
import Testing

/// The public ONNX backend node cases, which scripts/conformance writes.
///
/// The exact lists of passing and refused cases are checked in; UPDATE_GOLDEN=1 rewrites them.
struct ConformanceTests {
    private static let folders = RecordedCase.folders(
        of: "conformance", variable: "REGRADE_CONFORMANCE_DIR")

    private enum Outcome {
        case passed
        case refused(String)
        case failed(String)
    }

    @Test(.enabled(if: folders != nil))
    func passesAndRefusalsAreThoseCheckedIn() throws {
        var passes: [String] = []
        var refusals: [String] = []
        var failures: [String] = []
        for folder in Self.folders ?? [] {
            let name = folder.lastPathComponent
            switch outcome(of: folder) {
            case .passed: passes.append(name)
            case .refused(let reason): refusals.append("\(name): \(reason)")
            case .failed(let reason): failures.append("\(name): \(reason)")
            }
        }
        let counts = "\(passes.count) passed, \(refusals.count) refused, \(failures.count) failed"
        print("ONNX conformance: \(counts)")
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        try compare(passes, with: "passes.txt")
        try compare(refusals, with: "refusals.txt")
    }

    private func outcome(of folder: URL) -> Outcome {
        do {
            let recorded = try RecordedCase(folder: folder)
            let found = try NetworkModel(contentsOf: recorded.model).run(recorded.inputs)
            for (name, expected) in recorded.expected {
                guard let output = found[name] else { return .failed("no output \(name)") }
                if let difference = TensorComparison.difference(
                    output, expected, relative: recorded.relativeTolerance,
                    absolute: recorded.absoluteTolerance)
                {
                    return .failed("output \(name): \(difference)")
                }
            }
            return .passed
        } catch let error as ModelError {
            return error.isRefusal ? .refused("\(error)") : .failed("\(error)")
        } catch {
            return .failed("\(error)")
        }
    }

    private func compare(_ lines: [String], with file: String) throws {
        let golden = Repository.root.appending(
            path: "Tests/NeuralNetworkTests/Conformance/\(file)")
        let text = lines.joined(separator: "\n") + "\n"
        guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == nil else {
            try Data(text.utf8).write(to: golden)
            return
        }
        let expected = Set(
            try String(contentsOf: golden, encoding: .utf8).split(separator: "\n").map(String.init))
        let found = Set(lines)
        #expect(found.subtracting(expected).sorted() == [], "new in \(file)")
        #expect(expected.subtracting(found).sorted() == [], "gone from \(file)")
    }
}

extension ModelError {
    /// Whether the engine said that it does not support something, rather than met a mistake.
    fileprivate var isRefusal: Bool {
        switch self {
        case .unsupportedOperator, .unsupportedUse, .unsupportedOpset, .unsupportedElementType,
            .unsupportedInput:
            true
        default: false
        }
    }
}
