import ReturnsDomain

extension ItemUnderDecision {
    /// Why better photos are needed; empty if those at hand suffice.
    var reasonsForRetake: [ReasonCode] {
        let photos = assessment.photos
        let asks =
            switch policy.retake {
            case .noUsablePhoto: !photos.contains { $0.quality.isUsable }
            case .anyUnusablePhoto: photos.contains { !$0.quality.isUsable }
            }
        return asks ? photoIssues + fileIssues : []
    }

    /// Why a person decides, the weightiest first; empty if the machine may.
    ///
    /// Each line is one gate. Comparisons are written so that a value that is no number closes the
    /// gate.
    var reasonsForAPerson: [ReasonCode] {
        var reasons: [ReasonCode] = []
        func ask(_ reason: ReasonCode, if applies: Bool) {
            if applies { reasons.append(reason) }
        }

        // Where automation is on.
        ask(.automationOff, if: !(automationShare > 0))
        ask(.outsidePilotShare, if: automationShare > 0 && !(pilotDraw < automationShare))

        // What a machine may decide at all.
        let recommended = recommendation.outcome
        ask(.automaticRejectNotAllowed, if: recommended == .reject && !allowsAutomaticReject)
        ask(.policyRequiresPerson, if: rule.personRequired.contains(recommended))
        ask(.highValueItem, if: hasHighValue)
        ask(.valueUnknown, if: currency == nil && policy.alwaysHuman.unknownValue)
        ask(.categoryUnknown, if: category == nil)
        ask(.categoryNotCalibrated, if: category != nil && admission == nil)

        // How sure it is.
        ask(.confidenceBelowThreshold, if: !(recommendation.confidence >= neededConfidence))
        ask(.predictionSetAmbiguous, if: recommendation.predictionSet.count > 1)
        ask(.unfamiliarItem, if: !(assessment.novelty < noveltyLimit))

        // What is odd about the photos.
        ask(.categoryMismatch, if: showsAnotherCategory)
        ask(.photosDisagree, if: assessment.photosDisagree)
        ask(.findingsDisagree, if: !namedDamage.isEmpty && !showsDamage)
        ask(.requiredViewMissing, if: !rule.requiredViews.isSubset(of: shownViews))
        ask(.claimMismatch, if: contradictsClaim)
        reasons += ReasonCode.fraudSignals.filter(signals.contains)
        let settled = reasonsSettledByComparison
        return reasons.filter { !settled.contains($0) } + comparisonReasons + fileIssues
            + photoIssues
    }

    /// Whether a usable photo of the item as a whole is hardly one of the category that the order
    /// states, among those that the model knows; where there is none, any usable photo.
    private var showsAnotherCategory: Bool {
        guard let category, let limit = calibration.category?.minimumProbability else {
            return false
        }
        let usable = assessment.photos.filter(\.quality.isUsable)
        let whole = usable.filter(\.view.showsWholeItem)
        return (whole.isEmpty ? usable : whole).contains { photo in
            guard let probability = photo.category?.byCategory[category] else { return false }
            return !(probability >= limit)
        }
    }

    /// The sides that photos at hand show, by what their sender says.
    private var shownViews: Set<PhotoView> { Set(assessment.photos.map(\.view)) }

    /// What is wrong with the photos' files: decoded in spite of damage, or not at all.
    private var fileIssues: [ReasonCode] {
        var issues: [ReasonCode] = []
        if assessment.photos.contains(where: \.isDamagedFile) { issues.append(.photoDamagedFile) }
        if !assessment.undecodablePhotos.isEmpty { issues.append(.photoUndecodable) }
        return issues
    }

    /// What the photos show, the most probable first; never empty.
    ///
    /// A damage type is named if it is at least as likely as the policy's limit for "visible"; less
    /// likely findings stay in the document's list of damage.
    var visibleReasons: [Reason] {
        guard namedDamage.isEmpty else {
            return namedDamage.map { Reason($0.type.reasonCode, weight: $0.probability) }
                .sorted { ($0.weight, $1.code.rawValue) > ($1.weight, $0.code.rawValue) }
        }
        return showsDamage
            ? [Reason(.damageVisible, weight: min(assessment.calibrated.damaged, 1))]
            : [Reason(.noDamageVisible, weight: assessment.calibrated.none)]
    }

    /// The damage types likely enough to be named.
    private var namedDamage: [DamageFinding] {
        assessment.damage.filter { $0.probability >= policy.alwaysHuman.visibleDamage }
    }

    /// The novelty from which a person looks, 0…1: the stricter of policy and calibration.
    private var noveltyLimit: Double {
        min(policy.alwaysHuman.novelty, calibration.novelty.threshold)
    }

    /// What is wrong with any photo, each issue once, in the order of the closed list.
    private var photoIssues: [ReasonCode] {
        let issues = Set(assessment.photos.flatMap(\.quality.issues))
        return ReasonCode.allCases.filter(issues.contains)
    }
}
