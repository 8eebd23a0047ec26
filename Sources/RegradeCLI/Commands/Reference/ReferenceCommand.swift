import ArgumentParser
import ReturnsDomain
import Workflow

/// `regrade reference`: photos of what a good item of a product looks like.
struct ReferenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Pictures of what a good item looks like, which inspections compare with.",
        subcommands: [
            Add.self, List.self, Show.self, Remove.self, ReferenceEvaluateCommand.self,
        ])

    /// The product.
    struct ProductOption: ParsableArguments {
        @Option(help: "The shop's product number.")
        var sku: String
    }

    // MARK: Add

    /// `regrade reference add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Adds photos; those that are there already stay.",
            discussion: """
                  regrade reference add --sku MUG-1 --view front a.jpg b.jpg --data returns
                  regrade reference add --sku MUG-1 --role packing --order-id 4711 c.jpg
                  regrade reference add --from insp_…
                """)

        @Argument(help: "Photos, JPEG or PNG, that show a good item.")
        var photos: [String] = []

        @Option(help: "The shop's product number; that of the order with --from.")
        var sku: String?

        @Option(help: "Where they come from: catalogue, packing or pristine.")
        var role = "catalogue"

        @Option(help: "Which side they show: front, back, label, packaging or other.")
        var view = "other"

        @Option(
            name: [.customLong("order-id"), .customLong("order_id")],
            help: "With --role packing: the order whose own item they show.")
        var orderID: String?

        @Option(help: "An inspection that a person decided resell, instead of photos.")
        var from: String?

        @OptionGroup(title: "Judging") var judging: JudgingOptions
        @OptionGroup(title: "Common") var common: CommonOptions

        func run() async throws {
            let added = try await added()
            let version = added.photos.map(\.version).max() ?? 0
            if common.json {
                for photo in added.photos { try Terminal.standard.say(json: photo) }
            } else {
                for photo in added.photos { Terminal.standard.say(photo.id.description) }
                let old = added.photos.count - added.newCount
                Terminal.standard.note(
                    "\(added.newCount) added, \(old) there already; version \(version)")
            }
        }

        private func added() async throws -> AddedReferences {
            if let from {
                guard photos.isEmpty, orderID == nil else {
                    throw Failure(
                        .usage, code: "two_sources",
                        "--from takes the photos of the inspection; "
                            + "name neither photos nor --order-id with it")
                }
                return try await common.casebook().addReferences(
                    from: InspectionID(argument: from), sku: sku)
            }
            guard let sku else {
                throw Failure(.usage, code: "sku_missing", "--sku or --from is missing")
            }
            let view: PhotoView = try word(view, flag: "--view", code: "view_invalid")
            let submission = try ReferenceSubmission(
                sku: sku, role: word(role, flag: "--role", code: "role_invalid"), orderID: orderID,
                photos: photos.map { SubmittedPhoto(path: $0, view: view) })
            let settings = try await judging.settings(common)
            return try await common.casebook(creating: true).addReferences(
                submission, by: try Inspector(settings: settings))
        }
    }

    // MARK: List and show

    /// `regrade reference list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists products with references, or a product's photos.")

        @Option(help: "List the photos of this product.")
        var sku: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let casebook = try await common.casebook()
            var table = Table()
            if let sku {
                var last: ReferencePhotoID?
                repeat {
                    let page = try await casebook.references(of: sku, after: last)
                    for photo in page {
                        if common.json {
                            try Terminal.standard.say(json: photo)
                        } else {
                            table.add(
                                photo.id.description, photo.view.rawValue, photo.role.rawValue,
                                photo.orderID ?? "-", photo.addedAt.description)
                        }
                    }
                    last = page.last?.id
                } while last != nil
            } else {
                var last: String?
                repeat {
                    let page = try await casebook.referenceProducts(after: last)
                    for product in page {
                        if common.json {
                            try Terminal.standard.say(json: product)
                        } else {
                            table.add(
                                product.sku, "\(product.photoCount) photos",
                                "\(product.orderPhotoCount) of orders",
                                "version \(product.version)", product.changedAt.description)
                        }
                    }
                    last = page.last?.sku
                } while last != nil
            }
            table.lines.forEach { Terminal.standard.say($0) }
        }
    }

    /// `regrade reference show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Shows one reference photo's data.")

        @Argument(help: "The photo's id, ref_…")
        var id: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let photo = try await common.casebook().reference(ReferencePhotoID(argument: id))
            guard !common.json else { return try Terminal.standard.say(json: photo) }
            var table = Table()
            table.add("id", photo.id.description)
            table.add("sku", photo.sku)
            table.add("role", photo.role.rawValue)
            table.add("view", photo.view.rawValue)
            if let order = photo.orderID { table.add("order", order) }
            if let inspection = photo.inspection { table.add("from", inspection.description) }
            table.add("sha256", photo.sha256.description)
            table.add("picture", "\(photo.format), \(photo.width) x \(photo.height)")
            table.add("kept", "\(photo.byteCount) bytes, sealed")
            table.add("added", "\(photo.addedAt) by \(photo.addedBy), version \(photo.version)")
            table.lines.forEach { Terminal.standard.say($0) }
        }
    }

    // MARK: Remove

    /// `regrade reference remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Removes photos for good, with the keys that open them.")

        @Argument(help: "The photo's id, ref_…")
        var id: String?

        @OptionGroup var product: ProductOption

        @Option(
            name: [.customLong("order-id"), .customLong("order_id")],
            help: "Remove those of this order's own item.")
        var orderID: String?

        @Flag(help: "Remove all of the product, those of orders too.")
        var all = false

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let count = try await common.casebook().removeReferences(selection(), of: product.sku)
            try Terminal.standard.say(
                ["removed": count], json: common.json, or: ["\(count) removed"])
        }

        private func selection() throws -> ReferenceSelection {
            switch (id, orderID, all) {
            case (let id?, nil, false): return .photo(try ReferencePhotoID(argument: id))
            case (nil, let order?, false): return .order(order)
            case (nil, nil, true): return .all
            default:
                throw Failure(
                    .usage, code: "selection_invalid",
                    "name exactly one of: a photo's id, --order-id, --all")
            }
        }
    }
}

/// A word of a closed list on the command line.
private func word<Word: RawRepresentable & CaseIterable>(
    _ text: String, flag: String, code: String
) throws -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: text) else {
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw Failure(.usage, code: code, "\(flag) is '\(text)', expected \(known)")
    }
    return word
}
