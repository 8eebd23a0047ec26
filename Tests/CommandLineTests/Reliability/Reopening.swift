import CaseStore
import Foundation
import ReturnsDomain
import TestSupport
import Testing

/// What a program said it had done before it was ended.
struct Acknowledged {
    var inspections: Set<InspectionID> = []
    var decisions: Set<InspectionID> = []
    var erasures: Set<InspectionID> = []
    var reviewers: Set<String> = []

    var count: Int { inspections.count + decisions.count + erasures.count + reviewers.count }

    /// Reads the complete lines that commands print with `--json`.
    mutating func read(_ output: Data) {
        let end = output.lastIndex(of: UInt8(ascii: "\n")) ?? output.startIndex
        for line in output[..<end].split(separator: UInt8(ascii: "\n")) {
            guard let members = try? JSONSerialization.jsonObject(with: line) as? [String: Any]
            else { continue }
            let schema = members["schema"] as? String ?? ""
            if schema.hasPrefix("regrade.erasure-receipt/"),
                let id = (members["inspection"] as? String).flatMap({ InspectionID($0) })
            {
                erasures.insert(id)
            } else if schema.hasPrefix("regrade.adjudication/"), members["task"] == nil,
                let id = (members["id"] as? String).flatMap({ InspectionID($0) })
            {
                if members["decided_by"] as? String == "reviewer" {
                    decisions.insert(id)
                } else {
                    inspections.insert(id)
                }
            } else if let name = members["name"] as? String,
                (members["id"] as? String)?.hasPrefix("rvw_") == true
            {
                reviewers.insert(name)
            }
        }
    }
}

/// Opens a data directory after a crash and holds it against what was acknowledged.
enum Reopening {
    /// - Parameter about: What was done to it, for messages.
    static func check(
        _ directory: URL, _ acknowledged: Acknowledged, about: String
    ) async throws {
        let store = try await CaseStore.open(at: directory)
        try #require(
            try await store.databaseSetting("integrity_check") == "ok", "damaged after \(about)")
        try await store.export()
        let verification = try await AuditVerifier.verify(directory)
        try #require(verification.problem == nil, "\(verification) after \(about)")
        try #require(verification.unexportedLineCount == 0, "not exported after \(about)")
        for id in acknowledged.inspections.subtracting(acknowledged.erasures) {
            let found = await state(of: id, in: store)
            try #require(found != .missing, "\(id) lost after \(about)")
        }
        for id in acknowledged.decisions.subtracting(acknowledged.erasures) {
            let found = await state(of: id, in: store)
            try #require(
                found == .decidedByReviewer || found == .erased, "decision lost after \(about)")
        }
        for id in acknowledged.erasures {
            let found = await state(of: id, in: store)
            try #require(found == .erased, "erasure lost after \(about)")
        }
        let names = Set(try await store.reviewers().map(\.name))
        try #require(acknowledged.reviewers.isSubset(of: names), "reviewer lost after \(about)")
        try await checkOnce(store, directory, about)
    }

    private enum State { case missing, erased, decidedByMachine, decidedByReviewer }

    private static func state(of id: InspectionID, in store: CaseStore) async -> State {
        do {
            guard let adjudication = try await store.adjudication(of: id) else { return .missing }
            return adjudication.decidedBy == .reviewer ? .decidedByReviewer : .decidedByMachine
        } catch CaseStoreError.inspectionErased {
            return .erased
        } catch {
            return .missing
        }
    }

    /// Every exported line once, numbered without gaps; every kept photo can be opened.
    private static func checkOnce(
        _ store: CaseStore, _ directory: URL, _ about: String
    ) async throws {
        let audit = try jsonLines(
            try Data(contentsOf: directory.appending(path: "audit/00000001.jsonl")))
        let numbers = audit.compactMap { $0["seq"] as? Int }
        try #require(numbers == Array(1..<numbers.count + 1), "gap or double after \(about)")
        for summary in try await store.inspections(limit: 5) {
            let isReadable = await canReadPhoto(of: summary.id, in: store)
            try #require(isReadable, "photo of \(summary.id) broken after \(about)")
        }
    }

    private static func canReadPhoto(of id: InspectionID, in store: CaseStore) async -> Bool {
        do {
            return try await !store.photo(0, of: id).isEmpty
        } catch CaseStoreError.photoNotKept {
            return true
        } catch {
            return false
        }
    }
}
