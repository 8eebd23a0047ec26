import ReturnsDomain

/// One line of the hand-over record: stretches of text, each with its look.
struct StyledLine: Hashable, Sendable {
    var parts: [(glyphs: [Glyph], style: CellStyle)] {
        zip(glyphs, styles).map { ($0, $1) }
    }
    private(set) var glyphs: [[Glyph]] = []
    private(set) var styles: [CellStyle] = []

    init() {}

    init(_ text: String, _ style: CellStyle = .plain) {
        add(DisplayText.glyphs(of: text), style)
    }

    mutating func add(_ part: [Glyph], _ style: CellStyle) {
        glyphs.append(part)
        styles.append(style)
    }
}

/// The hand-over record as lines of a width, what matters most for deciding first.
///
/// Shows what the record holds and nothing else: what is hidden there (a gold task's nature, an
/// earlier decision in an appeal) is not looked up.
struct RecordLines {
    private let width: Int
    private var lines: [StyledLine] = []
    private static let labelWidth = 10

    /// The lines for a screen of a size; `position` is the photo whose quality is shown.
    static func lines(of record: CaseRecord, size: CellSize, position: Int) -> [StyledLine] {
        var lines = RecordLines(width: ScreenLayout(size: size).record.columns)
        lines.addOrder(record)
        if record.isBlind {
            lines.add("proposed", "nothing: this case is judged afresh", .bold)
        } else {
            lines.addPrediction(record.task.adjudication)
        }
        lines.addReasons(record)
        lines.addPhotos(record.task.adjudication)
        lines.addSightings(record.task.seenBefore)
        lines.addOrigin(record.task)
        return lines.lines
    }

    private init(width: Int) {
        self.width = width
    }

    private mutating func addOrder(_ record: CaseRecord) {
        let task = record.task
        let order = task.adjudication.order
        let about = [
            order.orderID, order.sku, order.category, order.region, order.value.map(Self.money),
            order.carrier,
        ].compactMap { $0 }
        add("order", about.isEmpty ? "nothing stated" : about.joined(separator: " · "), .bold)
        add("claim", order.reasonClaimed.map { words($0.rawValue) } ?? "none")
        if let statement = task.statement { add("says", "“\(statement)”") }
        if let appeal = record.appealStatement { add("appeals", "“\(appeal)”") }
    }

    private mutating func addPrediction(_ document: Adjudication) {
        let decision = document.decision
        let sure = Int((decision.confidence * 100).rounded(.down))
        var headline = StyledLine()
        headline.add(label("proposed"), .dim)
        headline.add(
            DisplayText.glyphs(of: decision.recommended.rawValue.uppercased()),
            CellStyle(foreground: decision.recommended.color, isBold: true))
        headline.add(DisplayText.glyphs(of: ", \(sure) % sure"), .plain)
        lines.append(headline)
        let others = decision.predictionSet.filter { $0 != decision.recommended }
        add("also", others.isEmpty ? "nothing else is likely" : list(others.map(\.rawValue)))
        guard let probabilities = document.probabilities?.calibrated else { return }
        for severity in Severity.allCases {
            addBar(
                severity == .none ? "severity" : "", severity.name, probabilities[severity],
                isChosen: severity == decision.severity)
        }
        for (index, finding) in document.damage.enumerated() {
            add(
                index == 0 ? "damage" : "",
                "\(words(finding.type.rawValue)) \(percent(finding.probability)), "
                    + "photo \(finding.photo + 1), \(percent(finding.areaRatio)) of it")
        }
    }

    private mutating func addBar(
        _ name: String, _ severity: String, _ share: Double, isChosen: Bool
    ) {
        let room = max(4, min(30, width - Self.labelWidth - 14))
        let eighths = Int((min(max(share, 0), 1) * Double(room * 8)).rounded())
        let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        let bar = String(repeating: "█", count: eighths / 8) + partial
        let padded = severity + String(repeating: " ", count: max(0, 9 - severity.count))
        var line = StyledLine()
        line.add(label(name), .dim)
        line.add(DisplayText.glyphs(of: padded), isChosen ? .bold : .plain)
        line.add(DisplayText.glyphs(of: bar), CellStyle(foreground: .cyan))
        line.add(DisplayText.glyphs(of: " " + percent(share)), .plain)
        lines.append(line)
    }

    private mutating func addReasons(_ record: CaseRecord) {
        let document = record.task.adjudication
        add("asked for", list(record.task.reasons.map { $0.words }))
        let seen = document.decision.reasons.filter { !record.task.reasons.contains($0.code) }
        if !seen.isEmpty, !record.isBlind {
            add("seen", list(seen.map { "\($0.code.words) \(percent($0.weight))" }))
        }
        add(
            "rule",
            "\(document.policy.rule): "
                + (record.ruleText ?? "of policy \(document.policy.id) \(document.policy.version), "
                    + "which is not the one at hand"))
        if !record.isBlind, let reply = record.replies[document.decision.recommended] {
            add("reply", "“\(reply)”")
        }
    }

    private mutating func addPhotos(_ document: Adjudication) {
        for photo in document.photos {
            let issues = photo.quality.issues.map { $0.words }
            add(
                photo.index == 0 ? "photos" : "",
                "\(photo.index + 1) \(photo.view.rawValue), \(photo.width)x\(photo.height) "
                    + "\(photo.format), sharp \(percent(photo.quality.sharpness)), bright "
                    + percent(photo.quality.exposure)
                    + (issues.isEmpty ? "" : ": " + list(issues)))
        }
        for photo in document.undecodablePhotos {
            add("", "\(photo.index + 1) not decodable: \(words(photo.code))")
        }
    }

    private mutating func addSightings(_ sightings: [PhotoSighting]) {
        for (index, sighting) in sightings.enumerated() {
            add(
                index == 0 ? "before" : "",
                "photo \(sighting.photo + 1) in \(sighting.inspection), "
                    + "\(sighting.seenAt.description.prefix(10)), "
                    + (sighting.distance == nil ? "the same file" : "looks the same"))
        }
    }

    private mutating func addOrigin(_ task: ReviewTask) {
        let document = task.adjudication
        add("model", "\(document.model.name) \(document.model.version)", .dim)
        add("policy", "\(document.policy.id) \(document.policy.version)", .dim)
        add("case", task.inspection.description, .dim)
        add("task", task.id.description, .dim)
    }

    private mutating func add(_ name: String, _ text: String, _ style: CellStyle = .plain) {
        let room = max(width - Self.labelWidth, 2)
        for (index, glyphs) in TextLayout.lines(of: text, width: room).enumerated() {
            var line = StyledLine()
            line.add(label(index == 0 ? name : ""), .dim)
            line.add(glyphs, style)
            lines.append(line)
        }
    }

    private func label(_ name: String) -> [Glyph] {
        DisplayText.glyphs(
            of: name + String(repeating: " ", count: max(0, Self.labelWidth - name.count)))
    }

    private func words(_ code: String) -> String { code.replacing("_", with: " ") }

    private func list(_ items: [String]) -> String { items.joined(separator: ", ") }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    /// `129.00 EUR`; the minor units of a currency that has another count of them are shown whole.
    static func money(_ money: Money) -> String {
        let zero: Set = ["CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"]
        if zero.contains(money.currency) { return "\(money.minorUnits) \(money.currency)" }
        let three: Set = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
        let digitCount = three.contains(money.currency) ? 3 : 2
        let digits = String(money.minorUnits.magnitude)
        let padded = String(repeating: "0", count: max(0, digitCount + 1 - digits.count)) + digits
        return (money.minorUnits < 0 ? "-" : "") + padded.dropLast(digitCount) + "."
            + padded.suffix(digitCount) + " " + money.currency
    }
}

extension Outcome {
    /// The colour it is shown in.
    var color: CellColor {
        switch self {
        case .resell: .green
        case .refurbish: .yellow
        case .reject: .red
        case .humanReview: .magenta
        case .retake: .cyan
        }
    }
}
