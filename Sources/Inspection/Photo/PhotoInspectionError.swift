public import Imaging
public import NeuralNetwork

/// Why a photo could not be assessed.
public enum PhotoInspectionError: Error, Hashable, Sendable {
    /// The photo cannot be decoded within limits; the customer's side can mend it.
    case decoding(ImageDecodingError)
    /// No helper process could be started to decode it; nothing the photo's sender could mend.
    case decoderUnavailable(DecoderFailure)
    /// The network failed; nothing the photo's sender could mend.
    case network(ModelError)
    /// The network gave a value that is no finite number, from which nothing may be concluded.
    case notFinite(output: String)
}

extension PhotoInspectionError {
    /// Stable name for machines, snake_case.
    public var code: String {
        switch self {
        case .decoding(let error): error.code
        case .decoderUnavailable: "decoder_unavailable"
        case .network, .notFinite: "inference_failed"
        }
    }
}

extension PhotoInspectionError: CustomStringConvertible {
    /// One sentence for people.
    public var description: String {
        switch self {
        case .decoding(let error): error.description
        case .decoderUnavailable(let failure):
            "no process can be had that decodes photos: \(failure); see the machine's limits"
        case .network(let error): "cannot run the model on the photo: \(error)"
        case .notFinite(let output):
            "the model's output '\(output)' is not finite for this photo; verify the model file"
        }
    }
}
