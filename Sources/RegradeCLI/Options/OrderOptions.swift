import ArgumentParser
import ReturnsDomain
import Workflow

/// Order data as flags; each also answers to its name in documents, with underscores.
struct OrderOptions: ParsableArguments {
    @Option(
        name: [.customLong("order-id"), .customLong("order_id")], help: "The shop's order number.")
    var orderID: String?

    @Option(help: "The shop's product number.")
    var sku: String?

    @Option(help: "The product's category, such as phone or box.")
    var category: String?

    @Option(help: "The customer's market, ISO 3166-1, such as DE.")
    var region: String?

    @Option(help: "What the item is worth in minor units (cents).")
    var value: String?

    @Option(help: "The currency of the value, ISO 4217, such as EUR.")
    var currency: String?

    @Option(
        name: [.customLong("reason-claimed"), .customLong("reason_claimed")],
        help: "Why it is returned: damaged, defective, wrong_item, not_as_described, …")
    var reasonClaimed: String?

    @Option(help: "What the customer wrote.")
    var statement: String?

    @Option(
        name: [.customLong("customer-ref"), .customLong("customer_ref")],
        help: "The shop's pseudonym of the customer.")
    var customerRef: String?

    @Option(help: "The version of the notice the customer agreed to.")
    var consent: String?

    @Option(help: "Who brought the item to the customer, such as DHL.")
    var carrier: String?

    /// The order data.
    ///
    /// - Throws: ``Failure`` of kind `usage` naming every mistake at once.
    func order() throws -> OrderData {
        let stated: [OrderData.Member: String?] = [
            .orderID: orderID, .sku: sku, .category: category, .region: region, .value: value,
            .currency: currency, .reasonClaimed: reasonClaimed, .statement: statement,
            .customerRef: customerRef, .consent: consent, .carrier: carrier,
        ]
        let (order, problems) = OrderData.parsed(stated.compactMapValues { $0 })
        guard problems.isEmpty else {
            throw Failure(
                .usage, code: "order_data_invalid",
                problems.map(\.description).joined(separator: "; "))
        }
        return order
    }
}
