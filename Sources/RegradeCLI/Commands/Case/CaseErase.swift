import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade case erase`.
struct CaseErase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erases everything of a case that leads to the person.",
        discussion: """
            Prints a receipt for each case: what was removed, and the entry of the audit log that \
            says so. Photos, documents, texts, hashes, order numbers, queue lines and events are \
            gone from the data directory afterwards, and stay so when an older backup is restored.
              regrade case erase insp_01M7XYMKW3BMKE41MBTZB2B28W --data returns
              regrade case erase --order 4711 --data returns
            """)

    @Argument(help: "The cases, insp_….")
    var inspections: [String] = []

    @Option(name: .customLong("order"), help: "Every case of this order number; repeatable.")
    var orders: [String] = []

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !inspections.isEmpty || !orders.isEmpty else {
            throw ValidationError("name a case, or an order with --order")
        }
    }

    func run() async throws {
        var ids = try inspections.map(InspectionID.init(argument:))
        let casebook = try await common.casebook()
        for order in orders { ids += try await casebook.inspections(ofOrder: order) }
        var seen: Set<InspectionID> = []
        let receipts = try await casebook.erase(ids.filter { seen.insert($0).inserted })
        for receipt in receipts { try Terminal.standard.say(json: receipt) }
    }
}
