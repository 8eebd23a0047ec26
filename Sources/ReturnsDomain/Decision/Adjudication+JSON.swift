public import Foundation

extension Adjudication: Codable {
    private enum CodingKeys: String, CodingKey {
        case schema, id, sku, category, region, value, outcome, recommended, severity, confidence
        case probabilities, damage, comparison, reasons, rationale, remedy, photos, automation
        case model, policy, audit, carrier
        case createdAt = "created_at"
        case decidedBy = "decided_by"
        case orderID = "order_id"
        case customerRef = "customer_ref"
        case reasonClaimed = "reason_claimed"
        case predictionSet = "prediction_set"
        case undecodablePhotos = "undecodable_photos"
        case timings = "timings_ms"
    }

    /// Reads a document of schema `regrade.adjudication/1`.
    ///
    /// - Throws: `DecodingError` naming the member that is wrong.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let schema = try container.decode(String.self, forKey: .schema)
        guard schema == Self.schemaName else {
            throw DecodingError.dataCorruptedError(
                forKey: .schema, in: container,
                debugDescription: "schema is '\(schema)', expected '\(Self.schemaName)'")
        }
        let policy = try container.decode(PolicyVersion.self, forKey: .policy)
        try self.init(
            id: container.decode(InspectionID.self, forKey: .id),
            createdAt: container.decode(Timestamp.self, forKey: .createdAt),
            decidedBy: container.decode(DecisionMaker.self, forKey: .decidedBy),
            order: Self.order(from: container),
            decision: Self.decision(from: container, rule: policy.rule),
            probabilities: container.decodeIfPresent(SeverityEstimate.self, forKey: .probabilities),
            damage: container.decode([DamageFinding].self, forKey: .damage),
            comparison: container.decodeIfPresent(ItemComparison.self, forKey: .comparison),
            rationale: container.decode(Rationale.self, forKey: .rationale),
            photos: container.decode([AdjudicatedPhoto].self, forKey: .photos),
            undecodablePhotos: container.decodeIfPresent(
                [UndecodablePhoto].self, forKey: .undecodablePhotos) ?? [],
            automation: container.decode(AutomationNotice.self, forKey: .automation),
            model: container.decode(ModelVersion.self, forKey: .model),
            policy: policy,
            timings: container.decodeIfPresent(StageTimings.self, forKey: .timings),
            audit: container.decodeIfPresent(AuditPosition.self, forKey: .audit))
    }

    /// Writes the document.
    ///
    /// Order members that were not stated are null, as is a comparison that
    /// does not exist, so that every document has the same members. The carrier came later: it is
    /// left out, so that a document from before is written as it was read.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.schemaName, forKey: .schema)
        try container.encode(id, forKey: .id)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(decidedBy, forKey: .decidedBy)
        try container.encode(order.orderID, forKey: .orderID)
        try container.encode(order.sku, forKey: .sku)
        try container.encode(order.customerRef, forKey: .customerRef)
        try container.encode(order.category, forKey: .category)
        try container.encode(order.region, forKey: .region)
        try container.encode(order.value, forKey: .value)
        try container.encode(order.reasonClaimed, forKey: .reasonClaimed)
        try container.encodeIfPresent(order.carrier, forKey: .carrier)
        try container.encode(decision.outcome, forKey: .outcome)
        try container.encode(decision.recommended, forKey: .recommended)
        try container.encode(decision.severity, forKey: .severity)
        try container.encode(decision.confidence, forKey: .confidence)
        try container.encode(decision.predictionSet, forKey: .predictionSet)
        try container.encode(decision.reasons, forKey: .reasons)
        try container.encode(decision.remedy, forKey: .remedy)
        try container.encode(probabilities, forKey: .probabilities)
        try container.encode(damage, forKey: .damage)
        try container.encode(comparison, forKey: .comparison)
        try container.encode(rationale, forKey: .rationale)
        try container.encode(photos, forKey: .photos)
        if !undecodablePhotos.isEmpty {
            try container.encode(undecodablePhotos, forKey: .undecodablePhotos)
        }
        try container.encode(automation, forKey: .automation)
        try container.encode(model, forKey: .model)
        try container.encode(policy, forKey: .policy)
        try container.encodeIfPresent(timings, forKey: .timings)
        // An answer has timings, and says with null that nothing was recorded.
        if timings != nil || audit != nil { try container.encode(audit, forKey: .audit) }
    }

    /// The bytes that are stored and committed to: without timings and audit, members in order of
    /// their names, no white space, one line.
    ///
    /// - Throws: `EncodingError` if a number is not finite.
    public func storedBytes() throws -> Data {
        var stored = self
        stored.timings = nil
        stored.audit = nil
        return try stored.bytes()
    }

    /// The document with all its members, one line, members in order of their names.
    ///
    /// - Throws: `EncodingError` if a number is not finite.
    public func bytes() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    private static func order(
        from container: KeyedDecodingContainer<CodingKeys>
    ) throws -> OrderData {
        try OrderData(
            orderID: container.decodeIfPresent(String.self, forKey: .orderID),
            sku: container.decodeIfPresent(String.self, forKey: .sku),
            category: container.decodeIfPresent(String.self, forKey: .category),
            region: container.decodeIfPresent(String.self, forKey: .region),
            value: container.decodeIfPresent(Money.self, forKey: .value),
            reasonClaimed: container.decodeIfPresent(ClaimedReason.self, forKey: .reasonClaimed),
            customerRef: container.decodeIfPresent(String.self, forKey: .customerRef),
            carrier: container.decodeIfPresent(String.self, forKey: .carrier))
    }

    private static func decision(
        from container: KeyedDecodingContainer<CodingKeys>, rule: String
    ) throws -> Decision {
        try Decision(
            outcome: container.decode(Outcome.self, forKey: .outcome),
            recommended: container.decode(Outcome.self, forKey: .recommended),
            severity: container.decode(Severity.self, forKey: .severity),
            confidence: container.decode(Double.self, forKey: .confidence),
            predictionSet: container.decode([Outcome].self, forKey: .predictionSet),
            reasons: container.decode([Reason].self, forKey: .reasons),
            remedy: container.decode(Remedy.self, forKey: .remedy),
            rule: rule)
    }
}
