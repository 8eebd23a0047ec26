import ReturnsDomain
import Testing

/// Order data that comes from outside as text.
struct OrderDataTests {
    @Test func everyMemberIsRead() {
        let (order, problems) = OrderData.parsed([
            .orderID: "A-1", .sku: "S", .category: "phone", .region: "DE", .value: "12900",
            .currency: "EUR", .reasonClaimed: "damaged", .statement: "It broke.\nSorry.",
            .customerRef: "c-7", .consent: "2026-01", .carrier: "DHL",
        ])
        #expect(problems.isEmpty)
        #expect(
            order
                == OrderData(
                    orderID: "A-1", sku: "S", category: "phone", region: "DE",
                    value: Money(minorUnits: 12_900, currency: "EUR"), reasonClaimed: .damaged,
                    statement: "It broke.\nSorry.", customerRef: "c-7", consent: "2026-01",
                    carrier: "DHL"))
    }

    @Test func emptyTextCountsAsAbsent() {
        let (order, problems) = OrderData.parsed([.sku: "", .value: "", .region: ""])
        #expect(order == OrderData())
        #expect(problems.isEmpty)
    }

    @Test(arguments: OrderData.Member.allCases)
    func lengthLimitIsInclusive(member: OrderData.Member) {
        let limit = member.byteCountLimit
        for (length, isTooLong) in [(limit - 1, false), (limit, false), (limit + 1, true)] {
            let (_, problems) = OrderData.parsed([member: String(repeating: "a", count: length)])
            #expect(problems.contains { $0.code == "too_long" } == isTooLong)
        }
    }

    @Test(
        arguments: [
            ([.region: "de"], .region, "not_a_region"), ([.region: "DEU"], .region, "not_a_region"),
            ([.value: "12.90", .currency: "EUR"], .value, "not_an_amount"),
            ([.value: "-1", .currency: "EUR"], .value, "not_an_amount"),
            ([.value: "1000000000001", .currency: "EUR"], .value, "not_an_amount"),
            ([.value: "1"], .value, "incomplete"), ([.currency: "EUR"], .currency, "incomplete"),
            ([.value: "1", .currency: "eur"], .currency, "not_a_currency"),
            ([.reasonClaimed: "bored"], .reasonClaimed, "unknown_value"),
            ([.sku: "a\u{1b}[2J"], .sku, "control_character"),
            ([.sku: "a\nb"], .sku, "control_character"),
        ] as [([OrderData.Member: String], OrderData.Member, String)])
    func everyMistakeIsNamed(
        values: [OrderData.Member: String], member: OrderData.Member, code: String
    ) {
        let (_, problems) = OrderData.parsed(values)
        #expect(problems.map(\.member) == [member])
        #expect(problems.map(\.code) == [code])
    }

    @Test func allMistakesAreReportedAtOnce() {
        let (_, problems) = OrderData.parsed([.region: "x", .reasonClaimed: "x", .value: "x"])
        #expect(problems.map(\.member) == [.reasonClaimed, .region, .value])
    }

    @Test func largestAmountIsAccepted() {
        let limit = OrderData.minorUnitsLimit
        let (order, problems) = OrderData.parsed([.value: "\(limit)", .currency: "JPY"])
        #expect(problems.isEmpty)
        #expect(order.value?.minorUnits == limit)
    }
}
