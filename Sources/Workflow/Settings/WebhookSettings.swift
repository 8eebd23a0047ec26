internal import Configuration

/// Where webhooks may go, and what they may cost.
public struct WebhookSettings: Sendable, Hashable {
    /// Networks besides the public Internet that may be sent to; none by default.
    public var networks: [IPNetwork] = []
    /// Ports that may be sent to.
    public var ports: Set<Int> = [443]
    /// A PEM file with certificates that are trusted besides the system's.
    public var certificatesPath: String?
    /// Seconds that one attempt may take in all.
    public var secondsLimit = 15
    /// Attempts under way to one endpoint.
    public var endpointAttemptCountLimit = 4
    /// Days without a success after which an endpoint is disabled.
    public var failureDaysLimit = 5

    /// Creates settings with their defaults.
    public init() {}

    /// What decides where webhooks may go.
    public var guardian: WebhookGuard { WebhookGuard(networks: networks, ports: ports) }

    private static var numbers: [String: WritableKeyPath<WebhookSettings, Int>] {
        [
            "webhookSecondsLimit": \.secondsLimit,
            "webhookEndpointAttemptCountLimit": \.endpointAttemptCountLimit,
            "webhookFailureDaysLimit": \.failureDaysLimit,
        ]
    }

    /// The keys of a settings file.
    static var keys: Set<String> {
        Set(numbers.keys).union(["webhookNetworks", "webhookPorts", "webhookCertificates"])
    }

    /// Reads the settings that are stated; the others keep their defaults.
    ///
    /// - Throws: ``Failure`` of kind `configuration` naming the setting, its value and the bound.
    init(reader: ConfigReader) throws {
        for (key, path) in Self.numbers {
            if let value = try Settings.wholeNumber(key, reader) { self[keyPath: path] = value }
        }
        certificatesPath = reader.string(forKey: "webhookCertificates")
        if let text = reader.string(forKey: "webhookNetworks") {
            networks = try Self.list(text, "webhookNetworks") { word in
                IPNetwork(word).flatMap { $0.address.kind.isOpenable ? $0 : nil }
            } expected: {
                "networks of loopback, private or shared addresses, such as 10.1.0.0/16,::1/128"
            }
        }
        if let text = reader.string(forKey: "webhookPorts")
            ?? reader.int(forKey: "webhookPorts")?.description
        {
            ports = Set(
                try Self.list(text, "webhookPorts") { word in
                    Int(word).flatMap { (1...65_535).contains($0) ? $0 : nil }
                } expected: {
                    "ports from 1 to 65535, such as 443,8443"
                })
        }
    }

    private static func list<Value>(
        _ text: String, _ key: String, read: (String) -> Value?, expected: () -> String
    ) throws -> [Value] {
        try text.split(separator: ",").map { word in
            guard let value = read(word.filter { $0 != " " }) else {
                throw Failure(
                    .configuration, code: "setting_unknown_value",
                    "\(key) holds '\(word)', expected \(expected())")
            }
            return value
        }
    }
}
