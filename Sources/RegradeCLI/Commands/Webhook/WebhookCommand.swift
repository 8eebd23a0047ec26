import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade webhook`: where the service sends events to.
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract: "Endpoints that the service sends events to; see docs/webhooks.md.",
        subcommands: [
            Add.self, List.self, Remove.self, Rotate.self, Enable.self, WebhookDeliveries.self,
            WebhookReplay.self,
        ])

    /// `regrade webhook add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Adds an endpoint and shows its secret once.",
            discussion: """
                  regrade webhook add https://hooks.example/returns --data returns
                """)

        @Argument(help: "Where it listens: https.")
        var url: String

        @Option(help: "What people call it.")
        var description = ""

        @Option(
            name: .customLong("event"),
            help: "A type of event that it wants; may be repeated; all by default.")
        var events: [String] = []

        @OptionGroup var tenant: KeyCommand.TenantOption
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let guardian = try await common.settings().serving.webhooks.guardian
            let (endpoint, secret) = try await tenant.casebook(common).addWebhookEndpoint(
                url: url, description: description, eventTypes: events, guardian: guardian)
            try WebhookCommand.tell(endpoint, secret, json: common.json)
        }
    }

    /// `regrade webhook list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists the endpoints.")

        @OptionGroup var tenant: KeyCommand.TenantOption
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let endpoints = try await tenant.casebook(common).webhookEndpoints()
            var table = Table()
            for endpoint in endpoints {
                let state =
                    endpoint.disabledReason.map { "disabled: \($0.rawValue)" }
                    ?? endpoint.failingSince.map { "failing since \($0)" } ?? "active"
                table.add(endpoint.id.description, state, endpoint.url, endpoint.description)
            }
            try Terminal.standard.say(each: endpoints, json: common.json, or: table.lines)
        }
    }

    /// `regrade webhook remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Removes an endpoint, with what waits for it.")

        @Argument(help: "The endpoint, whe_….")
        var id: String

        @OptionGroup var tenant: KeyCommand.TenantOption
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let id = try WebhookEndpointID(argument: id)
            try await tenant.casebook(common).removeWebhookEndpoint(id)
            try Terminal.standard.say(
                ["removed": id.description], json: common.json, or: ["\(id) is removed"])
        }
    }

    /// `regrade webhook rotate`.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Makes a new secret, shown once; the old one signs too for a day.")

        @Argument(help: "The endpoint, whe_….")
        var id: String

        @OptionGroup var tenant: KeyCommand.TenantOption
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let (endpoint, secret) = try await tenant.casebook(common).rotateWebhookSecret(
                of: WebhookEndpointID(argument: id))
            try WebhookCommand.tell(endpoint, secret, json: common.json)
        }
    }

    /// `regrade webhook enable`.
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable", abstract: "Sends to a disabled endpoint again.")

        @Argument(help: "The endpoint, whe_….")
        var id: String

        @OptionGroup var tenant: KeyCommand.TenantOption
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let endpoint = try await tenant.casebook(common).enableWebhookEndpoint(
                WebhookEndpointID(argument: id))
            try Terminal.standard.say(
                endpoint, json: common.json, or: ["\(endpoint.id) is active"])
        }
    }

    /// Shows an endpoint at one of the two moments when its secret is told.
    fileprivate static func tell(
        _ endpoint: WebhookEndpoint, _ secret: WebhookSecret, json: Bool
    ) throws {
        if json {
            try Terminal.standard.say(
                json: WebhookEndpointWithSecret(endpoint: endpoint, secret: secret))
        } else {
            Terminal.standard.note(
                "\(endpoint.id) is signed with the next line; keep it, it is not shown again")
            Terminal.standard.say(secret.text)
        }
    }
}
