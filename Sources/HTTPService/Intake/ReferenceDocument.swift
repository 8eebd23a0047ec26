import ReturnsDomain
import Workflow

/// What a client states of reference photos in JSON.
///
/// `{"role":"packing","order_id":"4711","photos":[{"view":"front"}]}`: all members may be left out;
/// the role is then `catalogue`.
package struct ReferenceDocument: Equatable {
    /// Where the photos come from.
    let role: ReferenceRole
    /// The order whose own item they show.
    let orderID: String?
    /// The views, as many as were stated.
    let views: [PhotoView]

    /// Reads the document; no bytes state nothing.
    ///
    /// - Throws: ``Problem`` with `malformed_json` or `order_data_invalid`.
    package init(_ bytes: [UInt8]) throws(Problem) {
        var members: [JSONDocument.Member] = []
        if !bytes.isEmpty {
            let document: JSONDocument
            do {
                document = try JSONReader.document(bytes)
            } catch {
                throw Problem(.malformedJSON, "the metadata have \(error)")
            }
            guard case .object(let found) = document else {
                throw Problem(
                    .malformedJSON, "the metadata are \(document.kind), expected an object")
            }
            members = found
        }
        var mistakes: [Failure.Part] = []
        var role = ReferenceRole.catalogue
        var orderID: String?
        var views: [PhotoView] = []
        for member in members where member.value != .null {
            func add(_ code: String, _ message: String) {
                mistakes.append(
                    Failure.Part(
                        pointer: OrderDocument.pointer(member.name), code: code, message: message))
            }
            switch (member.name, member.value) {
            case ("photos", let value): views = OrderDocument.views(value, &mistakes)
            case ("order_id", .string(let text)): orderID = text
            case ("role", .string(let word)):
                guard let known = ReferenceRole(rawValue: word) else {
                    add("unknown_word", "is no role; known are \(Self.roles)")
                    continue
                }
                role = known
            case ("order_id", let value), ("role", let value):
                add("wrong_type", "is \(value.kind), expected a text")
            default: add("unknown_member", "is not known; known are order_id, photos, role")
            }
        }
        guard mistakes.isEmpty else {
            throw Problem(
                .orderDataInvalid,
                mistakes.map { "\($0.pointer) \($0.message)" }.joined(separator: "; "),
                errors: mistakes)
        }
        self.role = role
        self.orderID = orderID
        self.views = views
    }

    private static let roles = ReferenceRole.allCases.map(\.rawValue).joined(separator: ", ")
}
