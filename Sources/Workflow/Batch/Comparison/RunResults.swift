import Foundation
public import ReturnsDomain

/// Where the results of an earlier run come from.
public enum ComparedRun: Sendable, Hashable {
    /// A run of the same data directory.
    case recorded(BatchRunID)
    /// A file that `regrade batch --out` wrote, here or elsewhere.
    case file(path: String)

    /// Takes what a person wrote for a run's id, or else for the path of a file.
    public init(_ text: String) {
        self = BatchRunID(text).map { .recorded($0) } ?? .file(path: text)
    }

    /// What names it in a comparison.
    public var name: String {
        switch self {
        case .recorded(let id): id.description
        case .file(let path): path
        }
    }
}

/// Results one after the other in the order of their items' bytes, a page in memory at a time.
protocol OrderedResults {
    mutating func next() async throws -> ComparedResult?
}

/// The results of a recorded run.
struct RecordedResults: OrderedResults {
    private let casebook: Casebook
    private let run: BatchRun
    private var page: ArraySlice<RecordedBatchItem> = []
    private var last: String?

    init(casebook: Casebook, run: BatchRun) {
        self.casebook = casebook
        self.run = run
    }

    mutating func next() async throws -> ComparedResult? {
        if page.isEmpty {
            page = try await casebook.results(of: run, after: last)[...]
            last = page.last?.item.item ?? last
        }
        return page.popFirst().map(ComparedResult.init)
    }
}

/// The results of a file in the form of `--out`.
struct FileResults: OrderedResults {
    private var lines: ResultLines
    private let path: String
    private var last: [UInt8] = []
    private var number = 0

    init(path: String) throws {
        self.path = path
        lines = try ResultLines(path: path)
    }

    mutating func next() async throws -> ComparedResult? {
        guard let line = try lines.next() else { return nil }
        number += 1
        let result: ComparedResult
        do {
            result = try JSONDecoder().decode(ResultLine.self, from: line).result
        } catch {
            throw Failure(
                .badInput, code: "results_invalid",
                "\(path) line \(number) is no result of regrade batch --out")
        }
        let name = Array(result.item.utf8)
        guard number == 1 || last.lexicographicallyPrecedes(name) else {
            throw Failure(
                .badInput, code: "results_not_in_order",
                "\(path) line \(number): '\(result.item)' does not follow the line before in the "
                    + "order of bytes; compare with a file as regrade batch --out writes it")
        }
        last = name
        return result
    }
}

/// One line of `--out`, as far as a comparison needs it.
private struct ResultLine: Decodable {
    let result: ComparedResult

    private enum CodingKeys: String, CodingKey {
        case item, path, paths, error
    }

    private struct ItemError: Decodable {
        let code: String
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let item: String
        if let named = try container.decodeIfPresent(String.self, forKey: .item) {
            item = named
        } else {
            item = try container.decode(String.self, forKey: .path)
        }
        if let error = try container.decodeIfPresent(ItemError.self, forKey: .error) {
            result = ComparedResult(item: item, errorCode: error.code)
        } else {
            result = ComparedResult(item: item, document: try Adjudication(from: decoder))
        }
    }
}

/// Reads a file line by line with bounded memory.
private struct ResultLines {
    /// Bytes of a line; a document with twelve photos has about 10 KB.
    private static let byteCountLimit = 4 << 20

    private let handle: FileHandle
    private let path: String
    private var buffer = Data()
    private var isAtEnd = false

    init(path: String) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw Failure(
                .inputMissing, code: "compared_run_missing",
                "'\(path)' is neither the id of a run (run_…) nor a results file that can be read")
        }
        self.handle = handle
        self.path = path
    }

    mutating func next() throws -> Data? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(buffer[buffer.startIndex..<end])
                buffer.removeSubrange(buffer.startIndex...end)
                return line
            }
            guard !isAtEnd else {
                defer { buffer.removeAll() }
                return buffer.isEmpty ? nil : buffer
            }
            guard buffer.count <= Self.byteCountLimit else {
                throw Failure(
                    .badInput, code: "results_invalid",
                    "\(path) has a line longer than \(Self.byteCountLimit) bytes")
            }
            let more = try handle.read(upToCount: 1 << 16) ?? Data()
            isAtEnd = more.isEmpty
            buffer.append(more)
        }
    }
}
