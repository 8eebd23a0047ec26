/// A failure as the edges of the program see it: what kind, a stable code, a sentence.
///
/// The inner modules throw errors that carry facts; this is the one place that turns them into what
/// an exit code or an HTTP status can be chosen from.
public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, as far as a caller would act on it.
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// The command was used wrongly.
        case usage
        /// Nothing usable among the inputs.
        case badInput
        /// An input is not there.
        case inputMissing
        /// Something that is needed does not answer.
        case unavailable
        /// A mistake of ours.
        case internalMistake
        /// An output cannot be created.
        case cannotCreateOutput
        /// Reading or writing failed.
        case inputOutput
        /// It may work later: a lease was lost, the queue is empty, the run was interrupted.
        case tryAgain
        /// A setting, model, calibration or policy is wrong.
        case configuration
    }

    /// What kind of failure.
    public let kind: Kind
    /// A stable word for programs.
    public let code: String
    /// What was being done, the offending value, the bound and the cure.
    public let message: String
    /// Every mistake by itself, where one input holds several; empty otherwise.
    public var parts: [Part]

    /// One mistake among several.
    public struct Part: Hashable, Sendable {
        /// Where it is: a JSON pointer (RFC 6901) into what was sent.
        public let pointer: String
        /// A stable word for programs.
        public let code: String
        /// The sentence for people.
        public let message: String

        /// Creates a part.
        public init(pointer: String, code: String, message: String) {
            self.pointer = pointer
            self.code = code
            self.message = message
        }
    }

    /// Creates a failure.
    public init(_ kind: Kind, code: String, _ message: String, parts: [Part] = []) {
        self.kind = kind
        self.code = code
        self.message = message
        self.parts = parts
    }

    /// The sentence.
    public var description: String { message }
}
