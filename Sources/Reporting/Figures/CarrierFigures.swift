import ReturnsDomain

/// What changed between packing and return, by who carried the item.
enum CarrierFigures {
    /// Carriers told one by one; names are free texts, so there may be any number.
    static let carrierCountLimit = 50

    static func section(_ cases: [CaseCourse]) -> FigureSection {
        var section = FigureSection("Claims by carrier")
        let compared = cases.filter {
            $0.reported.carrier != nil && $0.judgement?.isChangedSincePacking != nil
        }
        add("of all carriers", key: "", compared, to: &section)
        let carriers = Dictionary(grouping: compared) { $0.reported.carrier ?? "" }
            .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        for (carrier, cases) in carriers.prefix(carrierCountLimit) {
            add("of \(carrier)", key: "_\(carrier)", cases, to: &section)
        }
        if carriers.count > carrierCountLimit {
            section.leaveOut(
                "carriers", "\(carriers.count - carrierCountLimit) carriers with fewer items",
                because: "more than \(carrierCountLimit) carriers are stated")
        }
        return section
    }

    private static func add(
        _ whose: String, key: String, _ cases: [CaseCourse], to section: inout FigureSection
    ) {
        let none = "no item with a carrier was compared with its own packing photo"
        section.addShare(
            "new_since_shipping\(key)", "New since shipping, \(whose)",
            cases.count { $0.judgement?.isChangedSincePacking == true }, of: cases.count,
            none: none, note: "new_since_shipping")
        section.addShare(
            "worn_before_shipping\(key)", "Unlike its product, as when packed, \(whose)",
            cases.count { course in
                course.judgement?.isChangedSincePacking == false
                    && course.judgement?.reasons.contains(.unlikeReferences) == true
            }, of: cases.count, none: none, note: "unlike_references without new_since_shipping")
    }
}
