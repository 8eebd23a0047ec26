import Foundation
import ReturnsDomain
import TestSupport

/// What people do with a record, command by command; each may be killed, or fail, at any point.
struct WorkingDay {
    let data: String
    /// The cases that may be erased.
    let inspections: [InspectionID]
    var environment: [String: String] = [:]

    /// How many kinds of steps there are.
    static let kindCount = 6

    /// A step by its number: adding a reviewer, taking a task and deciding it, holding, erasing,
    /// inspecting.
    ///
    /// - Returns: How the command ended, and what it said.
    func step(
        _ number: Int, _ start: ([String], [String: String]) async throws -> ProgramOutput
    ) async throws -> ProgramOutput {
        let data = ["--json", "--data", data]
        let case_ = inspections[number % inspections.count].description
        switch number % Self.kindCount {
        case 0: return try await start(["reviewer", "add", "name-\(number)"] + data, environment)
        case 1, 3:
            let next = try await start(
                ["review", "next", "--reviewer", "kim"] + data, environment)
            guard next.status == 0,
                let record = try? jsonLines(next.standardOutput).first,
                let task = record["task"] as? String, let lease = record["lease"] as? String
            else { return next }
            return try await start(
                [
                    "review", "decide", task, "resell", "--lease", lease, "--reviewer", "kim",
                    "--reason", "review_policy_exception",
                ] + data, environment)
        case 2:
            return try await start(
                ["case", "hold", "on", case_, "--reference", "file"] + data, environment)
        case 4:
            let lifted = try await start(["case", "hold", "off", case_] + data, environment)
            guard lifted.status == 0 || lifted.status == 66 else { return lifted }
            return try await start(["case", "erase", case_] + data, environment)
        default:
            return try await start(
                ["inspect", Fixtures.photo.path, "--category", "toy"] + data, environment)
        }
    }
}
