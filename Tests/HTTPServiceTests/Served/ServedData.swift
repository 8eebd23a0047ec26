import Foundation
import TestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A data directory of a test's own with the built program serving it on a port of its own.
final class ServedData: Sendable {
    let folder: TemporaryFolder
    let program: RunningProgram
    let url: URL
    let key: String

    /// Starts the program and waits until it listens.
    ///
    /// - Parameters:
    ///   - settings: Environment variables, such as `REGRADE_QUEUE_DEPTH_LIMIT`.
    ///   - other: Whose data to serve again, after its program has ended; nil for new data.
    ///   - place: Where new data are kept.
    init(
        settings: [String: String] = [:], again other: ServedData? = nil,
        in place: TemporaryFolder? = nil
    ) async throws {
        folder = try other?.folder ?? place ?? TemporaryFolder()
        let data = folder.file("data").path
        if let other {
            key = other.key
        } else {
            key = try await Self.createKey(data: data)
        }
        program = try RepositoryProgram.start(
            ["serve", "--data", data, "--port", "0"], environment: settings)
        url = try await Self.listeningURL(of: program)
    }

    var dataPath: String { folder.file("data").path }

    private static func listeningURL(of program: RunningProgram) async throws -> URL {
        let prefix = "listening on "
        for _ in 0..<600 {
            let text = String(decoding: try program.outputSoFar(), as: UTF8.self)
            if text.hasPrefix(prefix), text.hasSuffix("\n"),
                let url = URL(string: String(text.dropFirst(prefix.count).dropLast()))
            {
                return url
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        program.kill()
        let output = try await program.output()
        throw NeverListened(messages: output.messages)
    }

    /// The program ended or kept silent.
    struct NeverListened: Error {
        let messages: String
    }

    /// Makes a key and returns the text that signs in.
    static func createKey(
        data: String, tenant: String = "default", scope: String = "submit"
    ) async throws -> String {
        let output = try await RepositoryProgram.run([
            "key", "create", "test", "--scope", scope, "--tenant", tenant, "--data", data,
        ])
        #expect(output.status == 0, "\(output.messages)")
        return output.text.trimmingCharacters(in: .newlines)
    }

    /// Asks the program to end and waits for it.
    @discardableResult
    func stop() async throws -> ProgramOutput {
        program.terminate()
        return try await program.output()
    }

    /// Ends the program as a power loss would.
    func kill() async throws {
        program.kill()
        _ = try await program.output()
    }

    /// For what is sent at once: the shared session has six connections to a service, and what is
    /// more waits in the client.
    private static let session = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = 64
        return URLSession(configuration: configuration)
    }()

    /// Sends a request; headers replace those that sign in.
    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: Data? = nil,
        over session: URLSession = ServedData.session
    ) async throws -> Reply {
        let target = try #require(URL(string: url.absoluteString + path))
        var request = URLRequest(url: target)
        request.httpMethod = method
        request.timeoutInterval = 120
        request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        request.httpBody = body
        let (data, response) = try await session.data(for: request)
        let answer = try #require(response as? HTTPURLResponse)
        return Reply(status: answer.statusCode, body: data) {
            answer.value(forHTTPHeaderField: $0)
        }
    }

    /// Posts photos with order data.
    func post(
        _ photos: [Data], to path: String = "/v1/inspections", order: String = "{}", key: String,
        headers: [String: String] = [:]
    ) async throws -> Reply {
        try await send(
            "POST", path, photos, metadata: order,
            headers: ["Idempotency-Key": key].merging(headers) { $1 })
    }

    /// Sends photos with their metadata as one multipart body.
    func send(
        _ method: String, _ path: String, _ photos: [Data], metadata: String,
        headers: [String: String] = [:]
    ) async throws -> Reply {
        var body = Data()
        func part(_ name: String, _ content: Data) {
            let head = "--XX\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n"
            body += Data(head.utf8) + content + Data("\r\n".utf8)
        }
        part("metadata", Data(metadata.utf8))
        for photo in photos { part("photo", photo) }
        body += Data("--XX--\r\n".utf8)
        let own = ["Content-Type": "multipart/form-data; boundary=XX"]
        return try await send(method, path, headers: own.merging(headers) { $1 }, body: body)
    }
}

extension ServedData {
    /// The header that signs in with a new key of a scope.
    func signing(scope: String) async throws -> [String: String] {
        let key = try await Self.createKey(data: dataPath, scope: scope)
        return ["Authorization": "Bearer \(key)"]
    }

    /// Posts an item and has it decided by a reviewer, whose key and name are new.
    ///
    /// - Returns: The path of the inspection, which stands at `resell`.
    func decided(order: String = "{}") async throws -> String {
        let posted = try await post([Photo.box], order: order, key: UUID().uuidString)
        let path = try #require(posted.headers["Location"])
        let name = "r-\(UUID().uuidString.prefix(8))"
        _ = try await RepositoryProgram.run(["reviewer", "add", name, "--data", dataPath])
        let own = ["Content-Type": "application/json"].merging(
            try await signing(scope: "review")
        ) { $1 }
        let leased = try await send(
            "POST", "/v1/reviews/next", headers: own, body: Data("{\"reviewer\":\"\(name)\"}".utf8))
        let task = try #require(leased.object["task"] as? String)
        let lease = try #require(leased.object["lease"] as? String)
        let decision = """
            {"lease":"\(lease)","reviewer":"\(name)","outcome":"resell","reason":"review_agrees"}
            """
        let decided = try await send(
            "POST", "/v1/reviews/\(task)/decision", headers: own, body: Data(decision.utf8))
        #expect(decided.status == 200)
        return path
    }

    /// The lines of the audit log; the program has ended.
    func auditLines() throws -> [Substring] {
        let log = folder.file("data").appending(path: "audit/00000001.jsonl")
        return try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
    }

    /// Every file of the data directory with its bytes.
    func files() throws -> [(name: String, bytes: Data)] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: dataPath)
        return try names.compactMap { name in
            let file = folder.file("data").appending(path: name)
            var isFolder: ObjCBool = false
            _ = unsafe FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder)
            return isFolder.boolValue ? nil : (name, try Data(contentsOf: file))
        }
    }

    /// The traces that are found in files of the data directory, once none are left or after 20 s.
    ///
    /// Looks at files only: opening the record would clear them.
    func traces(of texts: [String]) async throws -> [String] {
        var found: [String] = []
        for _ in 0..<40 {
            let files = try files()
            found = texts.flatMap { text in
                files.filter { $0.bytes.firstRange(of: Data(text.utf8)) != nil }
                    .map { "\(text) in \($0.name)" }
            }
            if found.isEmpty { break }
            try await Task.sleep(for: .milliseconds(500))
        }
        return found
    }
}

/// An answer of the program.
struct Reply: Sendable {
    let status: Int
    let body: Data
    let headers: [String: String]

    init(status: Int, body: Data, header: (String) -> String?) {
        self.status = status
        self.body = body
        let names = [
            "Location", "ETag", "Retry-After", "Idempotency-Replayed", "X-Request-Id",
            "Content-Type", "X-Content-Type-Options", "RateLimit", "Allow", "WWW-Authenticate",
            "Content-Language",
        ]
        headers = Dictionary(
            uniqueKeysWithValues: names.compactMap { name in header(name).map { (name, $0) } })
    }

    /// The body as a JSON object; empty if it is none.
    var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:]
    }

    /// The problem's code.
    var code: String? { object["code"] as? String }
}

/// Photos that every test may use.
enum Photo {
    static func named(_ name: String) throws -> Data {
        try Data(contentsOf: Repository.fixtures.appending(path: name))
    }

    static var box: Data { get throws { try named("box-intact.jpg") } }
    static var mug: Data { get throws { try named("mug-broken.jpg") } }
}
