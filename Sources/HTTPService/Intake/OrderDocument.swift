import ReturnsDomain
import Workflow

/// Order data and the photos' views as a client states them in JSON.
///
/// `{"order_id":"4711","value":12900,"currency":"EUR","photos":[{"view":"front"}]}`: members are
/// those of ``OrderData/Member``, all strings but `value`, and `photos`, one object for each photo
/// in the order they are sent. A member that is null counts as absent.
package struct OrderDocument: Equatable {
    /// What the shop states.
    let order: OrderData
    /// The views, as many as were stated.
    let views: [PhotoView]

    /// Reads the document, collecting every mistake rather than the first.
    ///
    /// - Throws: ``Problem`` with `malformed_json` or `order_data_invalid`.
    package init(_ bytes: [UInt8]) throws(Problem) {
        let document: JSONDocument
        do {
            document = try JSONReader.document(bytes)
        } catch {
            throw Problem(.malformedJSON, "order data has \(error)")
        }
        guard case .object(let members) = document else {
            throw Problem(
                .malformedJSON, "order data is \(document.kind), expected an object")
        }
        var mistakes: [Failure.Part] = []
        var stated: [OrderData.Member: String] = [:]
        var views: [PhotoView] = []
        for member in members {
            if member.name == "photos" {
                views = Self.views(member.value, &mistakes)
            } else if let known = OrderData.Member(rawValue: member.name) {
                stated[known] = Self.text(member, of: known, &mistakes)
            } else {
                mistakes.append(
                    Failure.Part(
                        pointer: Self.pointer(member.name), code: "unknown_member",
                        message: "is not known; known are \(Self.known)"))
            }
        }
        let (order, problems) = OrderData.parsed(stated)
        // A member of the wrong type was reported, so its absence is no second mistake.
        let reported = Set(mistakes.map(\.pointer))
        mistakes += problems.filter {
            !($0.code == "incomplete"
                && reported.contains { ["/value", "/currency"].contains($0) })
        }.map {
            Failure.Part(
                pointer: Self.pointer($0.member.rawValue), code: $0.code, message: $0.message)
        }
        guard mistakes.isEmpty else {
            throw Problem(
                .orderDataInvalid,
                mistakes.map { "\($0.pointer) \($0.message)" }.joined(separator: "; "),
                errors: mistakes)
        }
        self.order = order
        self.views = views
    }

    /// Nothing stated.
    init() {
        order = OrderData()
        views = []
    }

    private static let known =
        (OrderData.Member.allCases.map(\.rawValue) + ["photos"]).joined(separator: ", ")

    /// A JSON pointer to a member: RFC 6901, 3.
    static func pointer(_ name: String) -> String {
        "/" + name.prefix(100).replacing("~", with: "~0").replacing("/", with: "~1")
    }

    private static func text(
        _ member: JSONDocument.Member, of known: OrderData.Member, _ mistakes: inout [Failure.Part]
    ) -> String? {
        switch (member.value, known) {
        case (.null, _): return nil
        case (.number(let digits), .value):
            return JSONDocument.wholeNumber(digits).map(String.init) ?? digits
        case (.string(let text), let known) where known != .value: return text
        default:
            let expected = known == .value ? "a whole number of minor units" : "a string"
            mistakes.append(
                Failure.Part(
                    pointer: pointer(member.name), code: "wrong_type",
                    message: "is \(member.value.kind), expected \(expected)"))
            return nil
        }
    }

    static func views(
        _ value: JSONDocument, _ mistakes: inout [Failure.Part]
    ) -> [PhotoView] {
        guard case .array(let photos) = value else {
            mistakes.append(
                Failure.Part(
                    pointer: "/photos", code: "wrong_type",
                    message: "is \(value.kind), expected an array"))
            return []
        }
        return photos.enumerated().map { index, photo in
            view(photo, pointer: "/photos/\(index)", &mistakes)
        }
    }

    private static func view(
        _ photo: JSONDocument, pointer: String, _ mistakes: inout [Failure.Part]
    ) -> PhotoView {
        guard case .object(let members) = photo else {
            mistakes.append(
                Failure.Part(
                    pointer: pointer, code: "wrong_type",
                    message: "is \(photo.kind), expected an object such as {\"view\":\"front\"}"))
            return .other
        }
        var view = PhotoView.other
        for member in members {
            if member.name == "view", case .string(let text) = member.value,
                let known = PhotoView(rawValue: text)
            {
                view = known
            } else if member.name == "view" {
                let words = PhotoView.allCases.map(\.rawValue).joined(separator: ", ")
                mistakes.append(
                    Failure.Part(
                        pointer: pointer + "/view", code: "unknown_value",
                        message: "is not known; known are \(words)"))
            } else {
                mistakes.append(
                    Failure.Part(
                        pointer: pointer + Self.pointer(member.name), code: "unknown_member",
                        message: "is not known; known is view"))
            }
        }
        return view
    }
}
