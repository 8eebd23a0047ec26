import HTTPTypes
import ReturnsDomain

/// Where an inspection stands, as `GET /v1/inspections/{id}` shows it.
struct InspectionView: Encodable {
    private let id: InspectionID
    /// `processing`, `failed`, or the outcome that stands.
    private let status: String
    private let adjudication: Adjudication?
    private let problem: Refusal?
    /// Where its photos came before with another order.
    private let seenBefore: [PhotoSighting]

    /// Why it could not be inspected.
    private struct Refusal: Encodable {
        let type: String
        let title: String
        let status: Int
        let detail: String
        let code: String
    }

    /// An inspection that was accepted and waits.
    init(waiting id: InspectionID) {
        self.id = id
        status = "processing"
        adjudication = nil
        seenBefore = []
        problem = nil
    }

    /// An item that was accepted and cannot be inspected.
    init(failed id: InspectionID, code: String, message: String) {
        let known = ProblemCode(rawValue: code) ?? .photoUndecodable
        self.id = id
        status = "failed"
        adjudication = nil
        seenBefore = []
        problem = Refusal(
            type: "/problems/\(known.rawValue)", title: known.title,
            status: known.status.code, detail: message, code: known.rawValue)
    }

    /// An inspection with its adjudication that stands.
    init(_ adjudication: Adjudication, seenBefore: [PhotoSighting]) {
        id = adjudication.id
        status = adjudication.decision.outcome.rawValue
        self.adjudication = adjudication
        self.seenBefore = seenBefore
        problem = nil
    }

    /// Whether it waits to be inspected.
    var isProcessing: Bool { status == "processing" }

    /// A validator: every change of an inspection has an audit entry of its own.
    ///
    /// Weak, because the same state may be sent compressed or not: RFC 9110, 8.8.1.
    var tag: String {
        guard let audit = adjudication?.audit else { return "W/\"\(status)\"" }
        // Erasing an earlier case takes its sightings with it.
        return "W/\"\(audit.seq)-\(audit.hash.description.prefix(16))-\(seenBefore.count)\""
    }

    /// Whether a header If-None-Match names this state: RFC 9110, 13.1.2, compared weakly.
    func isKnown(by header: String?) -> Bool {
        func plain(_ tag: some StringProtocol) -> String {
            let text = String(tag).trimmed
            return text.hasPrefix("W/") ? String(text.dropFirst(2)) : text
        }
        return (header ?? "").split(separator: ",").contains { plain($0) == plain(tag) }
    }

    private enum CodingKeys: String, CodingKey {
        case id, status, adjudication, problem, links
        case seenBefore = "seen_before"
    }

    /// Writes every member; what is not there is null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(status, forKey: .status)
        try container.encode(adjudication, forKey: .adjudication)
        try container.encode(problem, forKey: .problem)
        try container.encode(seenBefore, forKey: .seenBefore)
        try container.encode(Links(id, adjudication), forKey: .links)
    }

    /// Where to go on from here.
    private struct Links: Encodable {
        let inspection: String
        let photos: [Photo]

        struct Photo: Encodable {
            let index: Int
            let photo: String
            let heatmap: String
        }

        init(_ id: InspectionID, _ adjudication: Adjudication?) {
            let path = InspectionRoutes.path(of: id)
            inspection = path
            photos = (adjudication?.photos ?? []).map {
                Photo(
                    index: $0.index, photo: "\(path)/photos/\($0.index)",
                    heatmap: "\(path)/photos/\($0.index)/heatmap.png")
            }
        }
    }
}
