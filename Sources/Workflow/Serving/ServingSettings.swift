internal import Configuration

/// What the HTTP service listens on, and what it takes from outside.
///
/// Every limit is inclusive and a setting by its own name; see `docs/operating.md`.
public struct ServingSettings: Sendable, Hashable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port; 0 lets the system choose one.
    public var port = 8080
    /// A PEM file with the certificate chain; nil for plain HTTP.
    public var tlsCertificatePath: String?
    /// A PEM file with the certificate's private key.
    public var tlsKeyPath: String?
    /// The file that spans are appended to; nil if nothing is traced.
    public var traceFilePath: String?
    /// Whether log lines are JSON.
    public var logsJSON = false

    /// Connections open at once; more wait in the system's queue.
    public var connectionCountLimit = 2_000
    /// Bytes of one request's body: 96 MB.
    public var bodyByteCountLimit = 96_000_000
    /// Bytes of order data as JSON: 64 kB, many times what its members may hold.
    public var orderDataByteCountLimit = 65_536
    /// Bytes of all bodies that are held at once: 512 MB.
    public var bodyMemoryByteCountLimit = 512_000_000
    /// Seconds from the first byte of a request to the end of its headers.
    public var headerSecondsLimit = 10
    /// Bytes a second that a body must average after its first 5 seconds.
    public var bodyRateLimit = 16_000
    /// Seconds that a body may take in all.
    public var uploadSecondsLimit = 300
    /// Seconds from the last byte of a request until its inspection starts.
    public var processingSecondsLimit = 30
    /// Items that wait or are being inspected.
    public var queueDepthLimit = 128
    /// Requests a minute for one API key.
    public var requestRateLimit = 600
    /// Seconds that `?wait=` may ask for.
    public var waitSecondsLimit = 30

    /// When a rise is worth a warning.
    public var earlyWarning = EarlyWarningTerms()
    /// Where webhooks may go.
    public var webhooks = WebhookSettings()

    /// Creates settings with their defaults.
    public init() {}

    private static var numbers: [String: WritableKeyPath<ServingSettings, Int>] {
        [
            "port": \.port, "connectionCountLimit": \.connectionCountLimit,
            "bodyByteCountLimit": \.bodyByteCountLimit,
            "orderDataByteCountLimit": \.orderDataByteCountLimit,
            "bodyMemoryByteCountLimit": \.bodyMemoryByteCountLimit,
            "headerSecondsLimit": \.headerSecondsLimit, "bodyRateLimit": \.bodyRateLimit,
            "uploadSecondsLimit": \.uploadSecondsLimit,
            "processingSecondsLimit": \.processingSecondsLimit,
            "queueDepthLimit": \.queueDepthLimit, "requestRateLimit": \.requestRateLimit,
            "waitSecondsLimit": \.waitSecondsLimit,
        ]
    }

    private static var paths: [String: WritableKeyPath<ServingSettings, String?>] {
        [
            "tlsCertificate": \.tlsCertificatePath, "tlsKey": \.tlsKeyPath,
            "traceFile": \.traceFilePath,
        ]
    }

    /// The keys of a settings file.
    static var keys: Set<String> {
        Set(numbers.keys).union(paths.keys).union(["host", "logFormat"])
            .union(WebhookSettings.keys).union(EarlyWarningTerms.keys)
    }

    /// Reads the settings that are stated; the others keep their defaults.
    ///
    /// - Throws: ``Failure`` of kind `configuration` naming the setting, its value and the bound.
    init(flags: [String: String], reader: ConfigReader) throws {
        func text(_ key: String) -> String? {
            flags[key] ?? reader.string(forKey: ConfigKey(stringLiteral: key))
        }
        host = text("host") ?? host
        webhooks = try WebhookSettings(reader: reader)
        earlyWarning = try EarlyWarningTerms(reader: reader)
        for (key, path) in Self.paths { self[keyPath: path] = text(key) }
        for (key, path) in Self.numbers {
            let stated = try flags[key] ?? Settings.wholeNumber(key, reader)?.description
            guard let stated else { continue }
            guard let value = Int(stated), value > 0 || key == "port" && value == 0 else {
                throw Failure(
                    .configuration, code: "setting_not_a_number",
                    "\(key) is '\(stated)', expected a whole number above 0")
            }
            self[keyPath: path] = value
        }
        guard port <= 65_535 else {
            throw Failure(
                .configuration, code: "setting_out_of_range",
                "port is \(port), expected 0 to 65535")
        }
        guard (tlsCertificatePath == nil) == (tlsKeyPath == nil) else {
            throw Failure(
                .configuration, code: "setting_incomplete",
                "tlsCertificate and tlsKey belong together; state both or neither")
        }
        switch text("logFormat") ?? "text" {
        case "json": logsJSON = true
        case "text": logsJSON = false
        case let other:
            throw Failure(
                .configuration, code: "setting_unknown_value",
                "logFormat is '\(other)', expected text or json")
        }
    }
}
