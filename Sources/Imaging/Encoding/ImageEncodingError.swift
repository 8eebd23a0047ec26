/// Why a picture could not be written.
public enum ImageEncodingError: Error, Hashable, Sendable {
    /// A side is longer than the format can say.
    case sideTooLong(format: ImageFormat, side: Int, limit: Int)
    /// The codec gave up; `codecMessage` is its own sentence.
    case codecFailed(format: ImageFormat, codecMessage: String)
}

extension ImageEncodingError: CustomStringConvertible {
    /// One sentence for people.
    public var description: String {
        switch self {
        case .sideTooLong(let format, let side, let limit):
            "a picture with a side of \(side) pixels does not fit \(format.label), which takes "
                + "\(limit)"
        case .codecFailed(let format, let message):
            "writing \(format.label) failed: \(message)"
        }
    }
}
