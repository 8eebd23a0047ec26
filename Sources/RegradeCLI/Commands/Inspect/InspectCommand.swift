import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade inspect`: the photos of ONE item in, its adjudication out.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Inspects photos as one item and prints the adjudication.",
        discussion: """
            Records nothing unless a data directory is named.

              regrade inspect front.jpg --category phone --region DE --value 12900 --currency EUR
              regrade inspect --view front=a.jpg --view damage=b.jpg --data returns --heatmap maps
            """)

    @Argument(help: "Photos, JPEG or PNG, of one item.")
    var photos: [String] = []

    @Option(
        name: .customLong("view"),
        help: "A photo with its view, such as front=PATH; may be repeated.")
    var views: [String] = []

    @Option(help: "A folder for pictures of where the evidence lies; made if missing.")
    var heatmap: String?

    @OptionGroup(title: "Order data") var order: OrderOptions
    @OptionGroup(title: "Judging") var judging: JudgingOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let settings = try await judging.settings(common)
        let submission = ItemSubmission(photos: try submittedPhotos(), order: try order.order())
        let inspector = try Inspector(settings: settings)
        let answer: Adjudication
        let item: InspectedItem
        if settings.dataDirectory != nil {
            let casebook = try await common.casebook(creating: true)
            (item, answer) = try await casebook.inspectAndRecord(
                submission, by: inspector, keepsPhotos: settings.keepsPhotos)
        } else {
            item = try await inspector.inspect(submission)
            answer = item.answer(audit: nil)
        }
        if let heatmap {
            try HeatMapFiles(folder: heatmap, settings: settings).write(item, of: submission)
        }
        if common.json {
            try Terminal.standard.say(json: answer)
        } else {
            AdjudicationView(terminal: .standard).lines(of: answer).forEach {
                Terminal.standard.say($0)
            }
        }
    }

    private func submittedPhotos() throws -> [SubmittedPhoto] {
        let plain = photos.map { SubmittedPhoto(path: $0, view: .other) }
        let viewed = try views.map { text -> SubmittedPhoto in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let view = PhotoView(rawValue: parts[0]) else {
                let known = PhotoView.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(
                    .usage, code: "view_invalid",
                    "--view is '\(text)', expected VIEW=PATH with a view of \(known)")
            }
            return SubmittedPhoto(path: parts[1], view: view)
        }
        guard !plain.isEmpty || !viewed.isEmpty else {
            throw Failure(
                .usage, code: "no_photos", "no photo is named; try regrade inspect PHOTO.jpg")
        }
        return plain + viewed
    }
}
