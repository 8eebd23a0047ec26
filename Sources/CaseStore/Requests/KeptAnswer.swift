public import ReturnsDomain

/// The answer to a request that creates something, to be kept in the transaction that creates it.
///
/// So the client's next try finds either the answer or nothing at all.
public struct KeptAnswer<Created: Sendable>: Sendable {
    /// The request, which is running.
    public let request: RequestKey
    /// Words the answer; gives the same answer for the same thing.
    public let word: @Sendable (Created) throws -> StoredAnswer

    /// Creates the answer to a request.
    public init(
        to request: RequestKey, word: @escaping @Sendable (Created) throws -> StoredAnswer
    ) {
        self.request = request
        self.word = word
    }
}

extension StoreTransaction {
    /// Keeps an answer, if there is a request to answer.
    func keep<Created>(
        _ answer: KeptAnswer<Created>?, of created: Created, inspection: InspectionID
    ) throws {
        guard let answer else { return }
        try complete(answer.request, with: answer.word(created), inspection: inspection)
    }
}
