import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade webhook deliveries`.
struct WebhookDeliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "Shows an endpoint's delivery log in the order of events.")

    @Argument(help: "The endpoint, whe_….")
    var id: String

    @Option(help: "Only those that stand so: pending, delivered, dead or dropped.")
    var state: String?

    @Option(help: "Only events after this one of the feed.")
    var after: Int64 = 0

    @Option(help: "How many, 1 to 1000.")
    var limit = 100

    @OptionGroup var tenant: KeyCommand.TenantOption
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let wanted = try state.map { word in
            guard let state = WebhookDelivery.State(rawValue: word) else {
                throw Failure(
                    .usage, code: "state_invalid",
                    "--state is '\(word)', expected pending, delivered, dead or dropped")
            }
            return state
        }
        let log = try await tenant.casebook(common).webhookDeliveries(
            of: WebhookEndpointID(argument: id), after: after, state: wanted, limit: limit)
        var table = Table()
        for delivery in log {
            table.add(
                "\(delivery.sequence)", delivery.type, delivery.state.rawValue,
                "\(delivery.attemptCount) attempts",
                delivery.lastStatus.map { "\($0)" } ?? delivery.lastError ?? "",
                delivery.nextAt.map { "next \($0)" } ?? "")
        }
        try Terminal.standard.say(each: log, json: common.json, or: table.lines)
    }
}

/// `regrade webhook replay`.
struct WebhookReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Has the service send a range of events again.")

    @Argument(help: "The endpoint, whe_….")
    var id: String

    @Option(help: "The event before the range, by its number in the feed.")
    var after: Int64

    @Option(help: "The last event of the range.")
    var until: Int64

    @OptionGroup var tenant: KeyCommand.TenantOption
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let count = try await tenant.casebook(common).replayWebhooks(
            to: WebhookEndpointID(argument: id), after: after, until: until)
        try Terminal.standard.say(
            ["replayed": count], json: common.json, or: ["\(count) events are sent again"])
    }
}
