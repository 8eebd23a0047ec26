import ArgumentParser
import HTTPService
import Workflow

/// `regrade serve`: the HTTP service and its workers.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the HTTP service over a data directory.",
        discussion: """
            Stops on SIGTERM or Ctrl-C within 20 seconds; nothing acknowledged is lost. Clients \
            sign in with keys of `regrade key create`. See docs/http.md.

              regrade serve --data returns --port 8080
            """)

    @Option(help: "The address to listen on; 127.0.0.1 by default (REGRADE_HOST).")
    var host: String?

    @Option(help: "The port; 8080 by default, 0 for any (REGRADE_PORT).")
    var port: Int?

    @Option(help: "A PEM file with the certificate chain, for TLS.")
    var tlsCertificate: String?

    @Option(help: "A PEM file with the certificate's private key.")
    var tlsKey: String?

    @Option(help: "How log lines on stderr look: text or json.")
    var logFormat: String?

    @OptionGroup(title: "Judging") var judging: JudgingOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let flags = [
            "host": host, "port": port.map(String.init), "tlsCertificate": tlsCertificate,
            "tlsKey": tlsKey, "logFormat": logFormat,
        ].compactMapValues { $0 }
        let settings = try await judging.settings(
            common, serving: flags, isolating: true)
        try RegradeService.startTracing(settings)
        let service = try await RegradeService(settings: settings)
        let json = common.json
        try await service.run { port in
            let scheme = settings.serving.tlsCertificatePath == nil ? "http" : "https"
            let url = "\(scheme)://\(settings.serving.host):\(port)"
            if json {
                // A line that cannot be written is no reason not to serve.
                try? Terminal.standard.say(json: ["listening": url])
            } else {
                Terminal.standard.say("listening on \(url)")
            }
        }
    }
}
