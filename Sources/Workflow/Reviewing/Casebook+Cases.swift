import CaseStore
import DecisionPolicy
public import Foundation
public import ReturnsDomain

// MARK: - Cases

extension Casebook {
    /// One page of cases, the newest first.
    public func cases(
        after inspection: InspectionID?, limit: Int, filter: InspectionFilter
    ) async throws -> [InspectionSummary] {
        try await Self.failing {
            try await store.inspections(after: inspection, limit: limit, filter: filter)
        }
    }

    /// Everything of one case.
    ///
    /// - Throws: ``Failure`` of kind `inputMissing` if there is none of this id.
    public func caseHistory(of inspection: InspectionID) async throws -> CaseHistory {
        try await Self.failing {
            guard let record = try await store.caseHistory(of: inspection) else {
                throw CaseStoreError.inspectionNotFound(inspection)
            }
            return record
        }
    }

    /// Opens a review of a case by someone who has not seen it.
    ///
    /// - Parameter policy: Says how urgent it is and when it is due.
    public func appeal(
        _ inspection: InspectionID, statement: String?, policy: LoadedPolicy
    ) async throws -> ReviewTaskID {
        let record = try await caseHistory(of: inspection)
        let order = record.adjudications.last?.order ?? OrderData()
        return try await changing { store in
            try await store.openAppeal(
                inspection, statement: statement,
                draft: policy.policy.appealDraft(order: order, at: .now))
        }
    }

    /// Records what the warehouse found.
    public func recordTruth(_ truth: Truth, of inspection: InspectionID) async throws -> Truth {
        try await changing { try await $0.recordTruth(truth, of: inspection) }
    }
}

// MARK: - Reviewers and cases of known answer

extension Casebook {
    /// Ends a reviewer's work; what the reviewer holds waits again.
    public func retireReviewer(name: String) async throws -> ReviewerID {
        try await changing { try await $0.retireReviewer(name: name) }
    }

    /// Makes a case one of known answer.
    ///
    /// - Returns: How many there are now.
    public func addGold(_ inspection: InspectionID) async throws -> Int {
        try await changing { try await $0.addGold(inspection) }
    }

    /// Takes a case out of those of known answer.
    ///
    /// - Returns: How many are left.
    public func removeGold(_ inspection: InspectionID) async throws -> Int {
        try await changing { try await $0.removeGold(inspection) }
    }

    /// The cases of known answer.
    public func goldItems() async throws -> [GoldItem] {
        try await Self.failing { try await store.goldItems() }
    }

    /// The state of the queue, the reviewers' work and how far they agree.
    public func reviewStatistics() async throws -> ReviewStatistics {
        let figures = try await Self.failing { try await store.reviewQueueFigures() }
        return ReviewStatistics(figures, now: .now)
    }
}

// MARK: - Photos

extension Casebook {
    /// A kept photo of a case, decrypted, for a model to be judged by; audited like every look.
    ///
    /// - Parameter hash: Of the bytes as they were received; the first kept photo if nil.
    /// - Throws: ``Failure`` of kind `inputMissing` if the case is unknown or erased, or the photo
    ///   was not kept.
    func keptPhoto(of inspection: InspectionID, sha256 hash: ContentHash?) async throws -> [UInt8] {
        let photos = try await Self.failing {
            guard let document = try await store.adjudication(of: inspection) else {
                throw CaseStoreError.inspectionNotFound(inspection)
            }
            return document.photos
        }
        let wanted = hash.map { hash in photos.first { $0.sha256 == hash }?.index ?? -1 }
        let kept = try await viewPhotos(of: inspection, reviewer: nil)
        guard let photo = kept.first(where: { wanted == nil || $0.index == wanted }) else {
            throw Failure(describing: CaseStoreError.photoNotKept(inspection, index: wanted ?? 0))
        }
        return Array(photo.bytes)
    }
}

// MARK: - Exports

extension Casebook {
    /// Writes the open queue, one JSON object per line, and logs the export.
    ///
    /// - Parameter write: Told whole lines without their newline.
    /// - Returns: How many lines were written.
    @discardableResult
    public func exportOpenQueue(_ write: (Data) throws -> Void) async throws -> Int {
        var (seq, count): (Int64, Int) = (0, 0)
        while true {
            let after = seq
            let page = try await Self.failing { try await store.openQueue(after: after) }
            guard let last = page.last else { break }
            for entry in page { try write(entry.line) }
            count += page.count
            seq = last.seq
        }
        let written = count
        try await changing { try await $0.noteExport("review_queue", count: written) }
        return count
    }

    /// Calls `body` with every case that a person decided or the warehouse graded.
    func forEachLabelledCase(_ body: (LabelledCase) async throws -> Void) async throws {
        var last: InspectionID?
        while true {
            let after = last
            let page = try await Self.failing { try await store.labelledCases(after: after) }
            guard let end = page.last else { return }
            for labelled in page { try await body(labelled) }
            last = end.machine.id
        }
    }

    /// Logs that labels left the house.
    func noteLabelExport(count: Int) async throws {
        try await changing { try await $0.noteExport("labels", count: count) }
    }
}
