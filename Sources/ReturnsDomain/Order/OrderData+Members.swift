extension OrderData {
    /// The members of order data by the names that flags, manifests and JSON use.
    public enum Member: String, CaseIterable, Sendable {
        /// ``OrderData/orderID``.
        case orderID = "order_id"
        /// ``OrderData/sku``.
        case sku
        /// ``OrderData/category``.
        case category
        /// ``OrderData/region``.
        case region
        /// ``Money/minorUnits`` of ``OrderData/value``, an integer.
        case value
        /// ``Money/currency`` of ``OrderData/value``.
        case currency
        /// ``OrderData/reasonClaimed``.
        case reasonClaimed = "reason_claimed"
        /// ``OrderData/statement``.
        case statement
        /// ``OrderData/customerRef``.
        case customerRef = "customer_ref"
        /// ``OrderData/consent``.
        case consent
        /// ``OrderData/carrier``.
        case carrier

        /// The longest value accepted, in UTF-8 bytes; long enough for every shop's numbers, short
        /// enough that a queue line stays one line.
        public var byteCountLimit: Int {
            switch self {
            case .statement: 4000
            case .orderID, .sku, .customerRef: 200
            case .category, .reasonClaimed, .consent, .carrier: 64
            case .region, .currency: 8
            case .value: 18
            }
        }
    }

    /// One mistake in order data from outside.
    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// The member that is wrong.
        public let member: Member
        /// A stable word for programs, such as `too_long` or `not_an_amount`.
        public let code: String
        /// The sentence for people: what is wrong, the bound and the cure.
        public let message: String

        /// The member's name and the sentence.
        public var description: String { "\(member.rawValue): \(message)" }
    }

    /// Builds order data from text values, collecting every mistake rather than the first.
    ///
    /// - Parameter values: What was stated; an empty text counts as absent.
    /// - Returns: The order data, and the mistakes. Use the data only if there are none.
    public static func parsed(
        _ values: [Member: String]
    ) -> (order: OrderData, problems: [Problem]) {
        var order = OrderData()
        var problems: [Problem] = []
        var stated: [Member: String] = [:]
        for (member, text) in values where !text.isEmpty {
            if let problem = lengthOrControlProblem(of: member, text) {
                problems.append(problem)
            } else {
                stated[member] = text
            }
        }
        order.orderID = stated[.orderID]
        order.sku = stated[.sku]
        order.category = stated[.category]
        order.statement = stated[.statement]
        order.customerRef = stated[.customerRef]
        order.consent = stated[.consent]
        order.carrier = stated[.carrier]
        order.region = parsedRegion(stated[.region], &problems)
        order.value = parsedMoney(stated[.value], stated[.currency], &problems)
        order.reasonClaimed = parsedReason(stated[.reasonClaimed], &problems)
        return (order, problems.sorted { $0.member.rawValue < $1.member.rawValue })
    }

    private static func lengthOrControlProblem(of member: Member, _ text: String) -> Problem? {
        if text.utf8.count > member.byteCountLimit {
            return Problem(
                member: member, code: "too_long",
                message: "has \(text.utf8.count) bytes, more than the limit of "
                    + "\(member.byteCountLimit)")
        }
        let allowsLines = member == .statement
        let hasControl = text.unicodeScalars.contains {
            $0.value < 0x20 && !(allowsLines && ($0 == "\n" || $0 == "\t"))
        }
        guard hasControl else { return nil }
        return Problem(
            member: member, code: "control_character", message: "contains a control character")
    }

    private static func parsedRegion(_ text: String?, _ problems: inout [Problem]) -> String? {
        guard let text else { return nil }
        guard isCapitalLetters(text, count: 2) else {
            problems.append(
                Problem(
                    member: .region, code: "not_a_region",
                    message: "is '\(text)', expected two capital letters such as DE (ISO 3166-1)"))
            return nil
        }
        return text
    }

    private static func parsedMoney(
        _ amount: String?, _ currency: String?, _ problems: inout [Problem]
    ) -> Money? {
        if let currency, !isCapitalLetters(currency, count: 3) {
            problems.append(
                Problem(
                    member: .currency, code: "not_a_currency",
                    message: "is '\(currency)', expected three capital letters such as EUR "
                        + "(ISO 4217)"))
            return nil
        }
        guard let amount else {
            if currency != nil {
                problems.append(
                    Problem(
                        member: .currency, code: "incomplete",
                        message: "is stated without value; state both or neither"))
            }
            return nil
        }
        guard let minorUnits = Int(amount), (0...minorUnitsLimit).contains(minorUnits) else {
            problems.append(
                Problem(
                    member: .value, code: "not_an_amount",
                    message: "is '\(amount)', expected minor units (cents) from 0 to "
                        + "\(minorUnitsLimit)"))
            return nil
        }
        guard let currency else {
            problems.append(
                Problem(
                    member: .value, code: "incomplete",
                    message: "is stated without currency; state both or neither"))
            return nil
        }
        return Money(minorUnits: minorUnits, currency: currency)
    }

    private static func parsedReason(
        _ text: String?, _ problems: inout [Problem]
    ) -> ClaimedReason? {
        guard let text else { return nil }
        guard let reason = ClaimedReason(rawValue: text) else {
            let known = ClaimedReason.allCases.map(\.rawValue).joined(separator: ", ")
            problems.append(
                Problem(
                    member: .reasonClaimed, code: "unknown_value",
                    message: "is '\(text)', expected one of \(known)"))
            return nil
        }
        return reason
    }

    private static func isCapitalLetters(_ text: String, count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    /// The largest amount accepted: a thousand million units of a currency with three decimals.
    ///
    /// Larger amounts are mistakes, and sums of a million of them stay exact in 64 bits.
    public static let minorUnitsLimit = 1_000_000_000_000
}
