import CaseStore
public import ReturnsDomain
import Synchronization

/// A request that creates something, as its client names it.
public struct NamedRequest: Sendable {
    /// Whose it is.
    public let tenant: Tenant
    /// The client's name of the request.
    public let key: RequestKey
    /// SHA-256 over everything that was asked for.
    public let fingerprint: ContentHash

    /// Names a request.
    public init(tenant: Tenant, key: RequestKey, fingerprint: ContentHash) {
        self.tenant = tenant
        self.key = key
        self.fingerprint = fingerprint
    }
}

extension InspectionDesk {
    /// Does what a request asks for, unless it was done before.
    ///
    /// - Parameters:
    ///   - request: Noted durably before the work starts.
    ///   - refused: The answer to a failure that trying again cannot mend, to be kept; else nil.
    ///   - work: Creates what was asked for and keeps the answer in the same transaction.
    /// - Throws: ``Failure`` of which nothing is kept.
    func once(
        _ request: NamedRequest, refused: (Failure) -> StoredAnswer?,
        _ work: () async throws -> StoredAnswer
    ) async throws -> SubmissionResult {
        let store = store(of: request.tenant)
        let known = try await Casebook.failing {
            try await store.startRequest(request.key, fingerprint: request.fingerprint)
        }
        switch known {
        case .started: break
        case .running: return .running
        case .completed(let answer): return .answered(answer, isReplay: true)
        case .otherFingerprint: return .otherFingerprint
        case .erased: return .erased
        }
        do {
            return .answered(try await work(), isReplay: false)
        } catch {
            let failure = Failure(describing: error)
            return try await end(request, after: failure, answer: refused(failure), store)
        }
    }

    /// Keeps the answer to a request that can never be met, or forgets the request.
    private func end(
        _ request: NamedRequest, after failure: Failure, answer: StoredAnswer?, _ store: CaseStore
    ) async throws -> SubmissionResult {
        for part in failure.parts { observe(.photoRejected(code: part.code)) }
        if let answer {
            do {
                try await store.completeRequest(request.key, with: answer)
                return .answered(answer, isReplay: false)
            } catch {
                observe(.trouble("an answer could not be kept: \(error)"))
            }
        }
        do {
            try await store.releaseRequest(request.key)
        } catch {
            state.withLock { $0.unreleased.append((request.tenant, request.key)) }
            observe(.trouble("a request could not be released yet: \(error)"))
        }
        throw failure
    }

    /// Releases requests whose release failed, as on a full disk.
    func releaseLeftOvers() async {
        let left = state.withLock { state in
            defer { state.unreleased = [] }
            return state.unreleased
        }
        for item in left {
            do {
                try await store(of: item.tenant).releaseRequest(item.request)
            } catch {
                state.withLock { $0.unreleased.append(item) }
            }
        }
    }
}
