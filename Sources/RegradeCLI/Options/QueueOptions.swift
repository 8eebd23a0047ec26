import ArgumentParser
import HTTPService
import Workflow

/// The flags of commands that work on a review queue, here or elsewhere.
struct QueueOptions: ParsableArguments {
    @Option(help: "Work on the queue of a service elsewhere, such as https://regrade.example.")
    var server: String?

    @Option(help: "With --server: a file with a key of scope review, mode 0600.")
    var keyFile: String?

    @Option(help: "With --server: a PEM file of certificates trusted besides the system's.")
    var serverCertificates: String?

    @Flag(
        name: .customLong("insecure-http"),
        help: "With --server: let the key cross the network unencrypted.")
    var allowsPlainHTTP = false

    /// The queue that the flags name.
    ///
    /// - Parameters:
    ///   - common: Names the data directory, if there is no `--server`.
    ///   - wording: The policy's words, for commands that decide; the service has its own.
    ///   - warn: Told what was recorded but could not be exported.
    /// - Throws: ``Failure`` naming flags that do not go together.
    func queue(
        _ common: CommonOptions, wording: () throws -> ReviewWording? = { nil },
        warn: @escaping @Sendable (String) -> Void = { Terminal.standard.note("regrade: \($0)") }
    ) async throws -> any ReviewQueue {
        guard let server else {
            guard keyFile == nil, serverCertificates == nil, !allowsPlainHTTP else {
                throw Failure(
                    .usage, code: "server_missing",
                    "--key-file, --server-certificates and --insecure-http need --server")
            }
            return LocalReviewQueue(try await common.casebook(warn: warn), wording: try wording())
        }
        guard common.dataDirectory == nil else {
            throw Failure(
                .usage, code: "two_queues", "--server and --data name two queues; state one")
        }
        guard let keyFile else {
            throw Failure(
                .usage, code: "key_file_missing",
                "--server needs --key-file; make a key there with: regrade key create NAME "
                    + "--scope review")
        }
        return RemoteReviewQueue(
            try ServiceAddress(
                url: server, keyFile: keyFile, allowsPlainHTTP: allowsPlainHTTP,
                certificates: serverCertificates))
    }

    /// Refuses flags about the policy where the service's own applies.
    func checkPolicy(_ flags: [String?]) throws {
        guard server != nil, flags.contains(where: { $0 != nil }) else { return }
        throw Failure(
            .usage, code: "policy_elsewhere",
            "--policy and --locale do not go with --server, whose own policy applies")
    }
}
