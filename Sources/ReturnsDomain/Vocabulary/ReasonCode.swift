/// Why an outcome was chosen: the closed list, version 1.
///
/// Codes are stable: a code is never renamed or given another meaning, only added. The shipped
/// policy holds a text for the customer and one for the reviewer in every language.
public enum ReasonCode: String, CaseIterable, Codable, Hashable, Sendable {
    // MARK: What the photos show

    /// No damage was found.
    case noDamageVisible = "no_damage_visible"
    /// Damage was found whose type is not certain.
    case damageVisible = "damage_visible"
    /// See ``DamageType/crack``.
    case crackVisible = "crack_visible"
    /// See ``DamageType/scratch``.
    case scratchVisible = "scratch_visible"
    /// See ``DamageType/dent``.
    case dentVisible = "dent_visible"
    /// See ``DamageType/tear``.
    case tearVisible = "tear_visible"
    /// See ``DamageType/stain``.
    case stainVisible = "stain_visible"
    /// See ``DamageType/crush``.
    case crushVisible = "crush_visible"
    /// See ``DamageType/broken``.
    case brokenVisible = "broken_visible"
    /// See ``DamageType/missingPart``.
    case missingPartVisible = "missing_part_visible"

    // MARK: Why better photos are needed

    /// The photo is too dark to judge.
    case photoTooDark = "photo_too_dark"
    /// The photo is overexposed.
    case photoTooBright = "photo_too_bright"
    /// The photo is out of focus or shaken.
    case photoBlurred = "photo_blurred"
    /// A reflection hides part of the item.
    case photoGlare = "photo_glare"
    /// The photo has too few pixels.
    case photoTooSmall = "photo_too_small"
    /// A photo of a whole side shows the item too small.
    case photoTooFar = "photo_too_far"
    /// A photo of a whole side shows only a part of the item.
    case photoCutOff = "photo_cut_off"
    /// The photo shows next to nothing: a single colour or fog.
    case photoLowContrast = "photo_low_contrast"

    // MARK: Why a person decides

    /// The calibrated confidence is under the threshold that holds the stated risk.
    case confidenceBelowThreshold = "confidence_below_threshold"
    /// The prediction set holds more than one outcome.
    case predictionSetAmbiguous = "prediction_set_ambiguous"
    /// The item's value is at or above the policy's limit for machine decisions.
    case highValueItem = "high_value_item"
    /// The order does not state a value in a currency the policy knows.
    case valueUnknown = "value_unknown"
    /// The order's category is missing or not in the policy.
    case categoryUnknown = "category_unknown"
    /// Held-back data do not support machine decisions of this outcome in this category.
    case categoryNotCalibrated = "category_not_calibrated"
    /// The region does not allow a machine to refuse a return (GDPR Art. 22).
    case automaticRejectNotAllowed = "automatic_reject_not_allowed"
    /// Automation is switched off for this category and region.
    case automationOff = "automation_off"
    /// The case fell outside the share of cases that automation may decide in a pilot.
    case outsidePilotShare = "outside_pilot_share"
    /// The policy asks for a person's sign-off.
    case policyRequiresPerson = "policy_requires_person"
    /// The item is unlike what the model was trained on.
    case unfamiliarItem = "unfamiliar_item"
    /// A photo seems to show goods of another category than the order states.
    case categoryMismatch = "category_mismatch"
    /// Photos of one item contradict each other.
    case photosDisagree = "photos_disagree"
    /// A type of damage was found, yet the severity says that the item is rather intact.
    case findingsDisagree = "findings_disagree"
    /// The codec reported damage in the file.
    case photoDamagedFile = "photo_damaged_file"
    /// At least one photo of the item could not be decoded.
    case photoUndecodable = "photo_undecodable"
    /// None of the photos that could be decoded shows a side that the policy's rule asks for.
    case requiredViewMissing = "required_view_missing"
    /// What the customer claims and what the photos show are at odds.
    case claimMismatch = "claim_mismatch"
    /// The same photo came with another order before.
    case photoSeenBefore = "photo_seen_before"
    /// The photo's metadata say that a program edited it.
    case photoMetadataEdited = "photo_metadata_edited"
    /// The item is unlike the reference photos of its product.
    case unlikeReferences = "unlike_references"
    /// No photo shows a view that the reference photos show, so nothing can be said by comparing.
    case viewNotComparable = "view_not_comparable"
    /// The photos are more like another product than like the one stated.
    case itemDoesNotMatch = "item_does_not_match"
    /// The item is unlike its own photo from when it was packed.
    case newSinceShipping = "new_since_shipping"
    /// The classifier sees damage and the comparison none, or the other way round.
    case comparisonDisagrees = "comparison_disagrees"
    /// There are too few reference photos for the comparison to decide.
    case tooFewReferences = "too_few_references"
    /// Drawn at random to measure how right the machine is.
    case randomAuditSample = "random_audit_sample"
    /// The customer appealed.
    case customerAppeal = "customer_appeal"

    // MARK: What a reviewer states

    /// The reviewer agrees with the recommendation.
    case reviewAgrees = "review_agrees"
    /// Damage was overlooked or is worse than predicted.
    case reviewDamageMissed = "review_damage_missed"
    /// Damage was predicted that is not there, or is less than predicted.
    case reviewDamageOverstated = "review_damage_overstated"
    /// The photos do not show what is needed to decide.
    case reviewPhotosInsufficient = "review_photos_insufficient"
    /// The photos show another item than the order.
    case reviewWrongItem = "review_wrong_item"
    /// An exception from policy, explained in the comment.
    case reviewPolicyException = "review_policy_exception"

    /// The version of this list; it grows when a code is added.
    public static let listVersion = 5

    /// What an intake may find odd about a submission: reasons to look, never to refuse.
    public static let fraudSignals: [ReasonCode] = [.photoSeenBefore, .photoMetadataEdited]

    /// The codes a reviewer may state with a decision.
    public static let reviewerCodes: [ReasonCode] = [
        .reviewAgrees, .reviewDamageMissed, .reviewDamageOverstated, .reviewPhotosInsufficient,
        .reviewWrongItem, .reviewPolicyException,
    ]
}

/// One reason with how much it mattered.
public struct Reason: Codable, Hashable, Sendable {
    /// What the reason is.
    public let code: ReasonCode
    /// How much it mattered, 0…1; 1 for a rule that alone forced the outcome.
    public let weight: Double

    /// Creates a reason.
    public init(_ code: ReasonCode, weight: Double = 1) {
        self.code = code
        self.weight = weight
    }
}
