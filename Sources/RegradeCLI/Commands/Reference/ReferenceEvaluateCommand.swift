import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade reference evaluate`.
struct ReferenceEvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Compares a product's references with one another: are they enough, is one odd?")

    @OptionGroup var product: ReferenceCommand.ProductOption
    @OptionGroup(title: "Judging") var judging: JudgingOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let casebook = try await common.casebook()
        let settings = try await judging.settings(common)
        let evaluation = try await casebook.evaluateReferences(
            of: product.sku, by: try Inspector(settings: settings))
        guard !common.json else { return try Terminal.standard.say(json: evaluation) }
        for view in evaluation.views {
            let worth =
                if view.view.isIdentifying {
                    "tell which item it is"
                } else if view.missingCount == 0 {
                    "least p-value \(Figures.ratio(view.leastPValue)), "
                        + "enough for the policy's \(evaluation.level)"
                } else {
                    "least p-value \(Figures.ratio(view.leastPValue)), "
                        + "\(view.missingCount) more for the policy's \(evaluation.level)"
                }
            Terminal.standard.say(
                "\(view.view.rawValue): \(view.photos.count) photos, \(worth)")
            var table = Table()
            for photo in view.photos {
                table.add(
                    "  \(photo.id)", "score \(photo.score.map(Figures.ratio) ?? "-")",
                    "p \(photo.pValue.map(Figures.ratio) ?? "-")",
                    photo.isOdd ? "unlike the others, look at it" : "")
            }
            for id in view.unusable { table.add("  \(id)", "cannot be opened", "", "") }
            table.lines.forEach { Terminal.standard.say($0) }
        }
    }
}
