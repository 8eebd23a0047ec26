import CaseStore
import Foundation
public import Reporting
public import ReturnsDomain

extension Casebook {
    /// The most cases of one report; they are held in memory.
    public static let reportedCaseCountLimit = 250_000

    /// Computes the key figures of a window of time.
    ///
    /// - Parameters:
    ///   - since: Where the window begins; everything if nil.
    ///   - until: Where it ends; the moment after the last event if nil.
    ///   - category: Only cases of this category, if stated.
    ///   - region: Only cases of this region, if stated.
    ///   - costs: What things cost, if stated.
    ///   - caseCountLimit: The most cases that are reported on.
    /// - Throws: ``Failure`` of kind `usage` if the window ends before it begins or holds more
    ///   cases.
    public func report(
        since: ReportStart?, until: Timestamp?, category: String? = nil, region: String? = nil,
        costs: CostParameters? = nil, caseCountLimit: Int = Casebook.reportedCaseCountLimit
    ) async throws -> KPIReport {
        try await Self.failing {
            let events = try await store.endOfEvents()
            let end = until ?? events ?? Timestamp(millisecondsSince1970: 0)
            let start = since?.moment(before: end) ?? Timestamp(millisecondsSince1970: 0)
            guard start <= end else {
                throw Failure(
                    .usage, code: "window_empty", "the window ends at \(end), before it begins")
            }
            var cases: [ReportedCase] = []
            var last: InspectionID?
            while true {
                let page = try await store.reportedCases(since: start, until: end, after: last)
                guard let end = page.last else { break }
                last = end.id
                cases += page.filter {
                    (category == nil || $0.category == category)
                        && (region == nil || $0.region == region)
                }
                guard cases.count <= caseCountLimit else {
                    throw Failure(
                        .usage, code: "window_too_large",
                        "the window holds more than \(caseCountLimit) cases; choose a shorter one "
                            + "with --since and --until, or one --category or --region")
                }
            }
            return KPIReport(
                cases, window: ReportWindow(since: start, until: end), category: category,
                region: region, costs: costs)
        }
    }
}

/// Where a report's window begins.
public enum ReportStart: Sendable, Hashable {
    /// At a moment.
    case moment(Timestamp)
    /// So many hours before the window's end.
    case hours(Int)

    /// Reads `30d`, `12h`, `4w`, a date such as `2026-11-01`, or RFC 3339 in UTC; nil for anything
    /// else.
    public init?(_ text: String) {
        if let unit = text.last, let count = Int(text.dropLast()), (1...100_000).contains(count) {
            switch unit {
            case "h": self = .hours(count)
            case "d": self = .hours(count * 24)
            case "w": self = .hours(count * 24 * 7)
            default: return nil
            }
        } else if let moment = Timestamp(reading: text) {
            self = .moment(moment)
        } else {
            return nil
        }
    }

    fileprivate func moment(before end: Timestamp) -> Timestamp {
        switch self {
        case .moment(let moment): moment
        case .hours(let hours): end.advanced(by: .seconds(-hours * 3600))
        }
    }
}

extension Timestamp {
    /// Reads a date, which begins at midnight in UTC, or RFC 3339 in UTC; nil for anything else.
    public init?(reading text: String) {
        self.init(text.utf8.count == 10 ? text + "T00:00:00Z" : text)
    }
}

extension CostParameters {
    /// Bytes of the file; a real one has about 1 KB.
    public static let byteCountLimit = 64 << 10

    /// Reads and checks a file of schema `regrade.costs/1`.
    ///
    /// - Throws: ``Failure`` of kind `inputMissing` or `badInput`, naming everything that is wrong.
    public init(path: String) throws {
        guard let handle = FileHandle(forReadingAtPath: path),
            let bytes = try handle.read(upToCount: Self.byteCountLimit + 1)
        else {
            throw Failure(.inputMissing, code: "costs_missing", "there is no file \(path)")
        }
        guard bytes.count <= Self.byteCountLimit else {
            throw Failure(
                .badInput, code: "costs_invalid",
                "\(path) has more than \(Self.byteCountLimit) bytes")
        }
        do {
            let members = try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:]
            let unknown = Set(members.keys).subtracting(Self.memberNames).sorted()
            self = try JSONDecoder().decode(CostParameters.self, from: bytes)
            let problems = unknown.map { "unknown member '\($0)'" } + problems()
            guard problems.isEmpty else {
                throw Failure(
                    .badInput, code: "costs_invalid",
                    "\(path): " + problems.joined(separator: "; "))
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .badInput, code: "costs_invalid",
                "\(path) is no file of schema \(Self.schemaName); it needs the members of the "
                    + "example in docs/kpis.md")
        }
    }
}

/// A report as a file of HTML.
public struct KPIReportFile: Sendable {
    private let report: KPIReport

    /// Names the report.
    public init(_ report: KPIReport) { self.report = report }

    /// Writes the page, complete or not at all.
    ///
    /// - Throws: ``Failure`` of kind `cannotCreateOutput`.
    public func write(to path: String) throws { try KPIPage(report).page.write(to: path) }
}
