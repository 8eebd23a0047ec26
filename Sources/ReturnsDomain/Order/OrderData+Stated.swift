extension OrderData {
    /// The members that are there, as the texts that ``parsed(_:)`` reads back.
    public var stated: [Member: String] {
        let all: [Member: String?] = [
            .orderID: orderID, .sku: sku, .category: category, .region: region,
            .value: value.map { String($0.minorUnits) }, .currency: value?.currency,
            .reasonClaimed: reasonClaimed?.rawValue, .statement: statement,
            .customerRef: customerRef, .consent: consent, .carrier: carrier,
        ]
        return all.compactMapValues { $0 }
    }
}
