extension Adjudication {
    /// The case without anyone's judgement of it, for a reviewer who has to judge it afresh.
    ///
    /// Order, photos and their sizes stay, and the policy's rule, which follows from the order. In
    /// place of the judgement stands what says nothing: no confidence, all outcomes possible, no
    /// damage, equal probabilities, no words.
    ///
    /// - Parameter reasons: Why the reviewer is asked.
    public func withoutJudgement(reasons: [ReasonCode]) -> Adjudication {
        Adjudication(
            id: id, createdAt: createdAt, decidedBy: .machine, order: order,
            decision: Decision(
                outcome: .humanReview, recommended: .resell, severity: .none, confidence: 0,
                predictionSet: Outcome.final, reasons: reasons.map { Reason($0) },
                remedy: .warehouse, rule: decision.rule),
            probabilities: nil, damage: [],
            rationale: Rationale(locale: rationale.locale, customer: "", reviewer: ""),
            photos: photos.map(\.withoutJudgement), undecodablePhotos: undecodablePhotos,
            automation: automation, model: model, policy: policy)
    }
}

extension AdjudicatedPhoto {
    /// The photo without what the machine made of it.
    fileprivate var withoutJudgement: AdjudicatedPhoto {
        AdjudicatedPhoto(
            index: index, sha256: sha256, view: view, width: width, height: height,
            format: format, quality: quality)
    }

    private init(
        index: Int, sha256: ContentHash, view: PhotoView, width: Int, height: Int, format: String,
        quality: PhotoQuality
    ) {
        self.index = index
        self.sha256 = sha256
        self.view = view
        self.width = width
        self.height = height
        self.format = format
        self.quality = quality
        severity = SeverityProbabilities(none: 0.25, minor: 0.25, moderate: 0.25, severe: 0.25)
        novelty = 0
        category = nil
    }
}
