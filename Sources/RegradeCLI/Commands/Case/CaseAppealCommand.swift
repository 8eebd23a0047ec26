import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade case appeal`.
struct CaseAppealCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "appeal",
        abstract: "Opens a review by someone who has not seen the case.",
        discussion: "What was decided stands until the appeal is decided.")

    @Argument(help: "The case, insp_….")
    var inspection: String

    @Option(
        name: [.customLong("statement"), .customLong("reason")], help: "What the customer says.")
    var statement: String?

    @OptionGroup var policy: PolicyOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let inspection = try InspectionID(argument: inspection)
        let task = try await common.casebook().appeal(
            inspection, statement: statement, policy: policy.loaded(common))
        try Terminal.standard.say(
            ["task": task.description], json: common.json,
            or: ["\(task) waits for a reviewer who has not seen the case"])
    }
}

/// `regrade case truth`.
struct CaseTruthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "truth",
        abstract: "Records what the warehouse found: the only unbiased judge of a decision.")

    @Argument(help: "The case, insp_….")
    var inspection: String

    @Option(help: "What should have been decided: resell, refurbish or reject.")
    var grade: String?

    @Option(help: "none, minor, moderate or severe.")
    var severity: String?

    @Option(help: "Damage found, such as crack,dent; none for an undamaged item.")
    var types: String?

    @Option(
        name: [.customLong("resale-value"), .customLong("resale_value")],
        help: "What the item brings, in minor units (cents).")
    var resaleValue: Int?

    @Option(help: "The currency of the resale value, ISO 4217; the order's by default.")
    var currency: String?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let inspection = try InspectionID(argument: inspection)
        let casebook = try await common.casebook()
        let stated = try Truth(
            outcome: outcome(), severity: statedSeverity(), types: statedTypes(),
            resaleValue: await money(inspection, casebook), recordedAt: .now)
        guard grade != nil || severity != nil || types != nil || resaleValue != nil else {
            throw Failure(
                .usage, code: "truth_empty",
                "nothing is stated; pass --grade, --severity, --types or --resale-value")
        }
        let truth = try await casebook.recordTruth(stated, of: inspection)
        try Terminal.standard.say(
            truth, json: common.json, or: ["recorded for \(inspection)"])
    }

    private func outcome() throws -> Outcome? {
        try grade.map { word in
            guard let outcome = Outcome(rawValue: word), outcome.isFinal else {
                throw Failure(
                    .usage, code: "outcome_invalid",
                    "--grade is '\(word)', expected resell, refurbish or reject")
            }
            return outcome
        }
    }

    private func statedSeverity() throws -> Severity? {
        try severity.map { word in
            guard let severity = Severity(name: word) else {
                throw Failure(
                    .usage, code: "severity_invalid",
                    "--severity is '\(word)', expected none, minor, moderate or severe")
            }
            return severity
        }
    }

    private func statedTypes() throws -> [DamageType]? {
        try types.map { list in
            guard list != "none" else { return [] }
            return try list.split(separator: ",").map { word in
                guard let type = DamageType(rawValue: String(word)) else {
                    let known = DamageType.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Failure(
                        .usage, code: "types_invalid",
                        "--types has '\(word)', expected of \(known), or none")
                }
                return type
            }
        }
    }

    private func money(_ inspection: InspectionID, _ casebook: Casebook) async throws -> Money? {
        guard let resaleValue else { return nil }
        var unit = currency
        if unit == nil {
            unit = try await casebook.caseHistory(of: inspection).adjudications.last?.order.value?
                .currency
        }
        let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard let unit, unit.utf8.count == 3, unit.utf8.allSatisfy(capitals.contains) else {
            throw Failure(
                .usage, code: "currency_invalid",
                "--currency is '\(unit ?? "")', expected three capital letters (ISO 4217)")
        }
        guard (0...OrderData.minorUnitsLimit).contains(resaleValue) else {
            throw Failure(
                .usage, code: "resale_value_invalid",
                "--resale-value is \(resaleValue), expected 0 to \(OrderData.minorUnitsLimit)")
        }
        return Money(minorUnits: resaleValue, currency: unit)
    }
}
