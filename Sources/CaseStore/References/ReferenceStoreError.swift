public import ReturnsDomain

/// Why the record refuses something about reference photos, part of ``CaseStoreError``.
public enum ReferenceStoreError: Error, Hashable, Sendable {
    /// There is no reference photo of this id.
    case notFound(ReferencePhotoID)
    /// The bytes of a reference photo are gone or do not open with its key: they were changed.
    case broken(ReferencePhotoID)
    /// A bank of reference photos does not open with its key; it is made anew.
    case bankBroken
    /// A reference photo contradicts itself or cannot be sealed.
    case invalid(reason: String)
    /// The product, or the order, has as many reference photos as are allowed.
    case limitReached(limit: Int)
    /// The same picture is a reference photo of the product already.
    case exists(ReferencePhotoID)
}

extension ReferenceStoreError: CustomStringConvertible {
    /// The sentence that users read.
    public var description: String {
        switch self {
        case .notFound(let id): "there is no reference photo \(id)"
        case .broken(let id):
            "the bytes of reference photo \(id) are gone or do not open; remove it and add it anew"
        case .bankBroken:
            "a bank of reference photos does not open; it is made anew from its photos"
        case .invalid(let reason): "cannot keep reference photos: \(reason)"
        case .limitReached(let limit):
            "there would be more than \(limit) reference photos, which is the limit; remove some "
                + "first with: regrade reference remove"
        case .exists(let id): "reference photo \(id) is the same picture"
        }
    }
}
