/// Why photos could not be compared with references.
public enum ReferenceComparisonError: Error, Hashable, Sendable {
    // MARK: Making a bank

    /// A bank was to be made of no photo.
    case noReferences
    /// A bank was to be made of more photos than ``ReferenceBank/referenceCountLimit``.
    case tooManyReferences(count: Int, limit: Int)
    /// Features of another model or recipe, or of another size, were put together.
    case featuresDiffer(expected: FeatureLayout, found: FeatureLayout)
    /// A number in the features is infinite or not a number.
    case notFinite

    // MARK: Reading a bank

    /// The bytes are no bank that this build writes.
    case malformed(reason: String)
    /// The bytes are more than ``ReferenceBank/encodedByteLimit``.
    case tooLarge(byteCount: Int, limit: Int)
    /// The bytes are a bank, but not as it was written.
    case checksumWrong
}

extension ReferenceComparisonError: CustomStringConvertible {
    /// What was being done, the value that is wrong, and the cure.
    public var description: String {
        switch self {
        case .noReferences:
            "a reference bank needs at least one photo"
        case .tooManyReferences(let count, let limit):
            "a reference bank of \(count) photos, more than the limit of \(limit); remove some"
        case .featuresDiffer(let expected, let found):
            "the features of a photo are \(found), those of the references \(expected); "
                + "make the bank again with this model"
        case .notFinite:
            "the features of a photo hold a number that is infinite or undefined"
        case .malformed(let reason):
            "a reference bank cannot be read: \(reason); make it again from its photos"
        case .tooLarge(let byteCount, let limit):
            "a reference bank has \(byteCount) bytes, more than the limit of \(limit); "
                + "make it again from its photos"
        case .checksumWrong:
            "a reference bank was changed since it was written; make it again from its photos"
        }
    }
}
