import ReturnsDomain
import Workflow

extension Identifier {
    /// Reads an identifier from the command line.
    ///
    /// - Throws: ``Failure`` of kind `usage` that shows the text and says how such ids begin.
    init(argument text: String) throws {
        guard let identifier = Self(text) else {
            throw Failure(
                .usage, code: "id_invalid", "'\(text)' is no id that starts with \(Kind.prefix)_")
        }
        self = identifier
    }
}
