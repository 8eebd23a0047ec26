public import CaseStore
import DecisionPolicy
import Foundation
import Imaging
import Inspection
import ReferenceComparison
public import ReturnsDomain
import Traces

/// Inspects items: photos and order data in, an adjudication out; records nothing.
///
/// The steps are those of an inspection's life: intake, decode, quality, classify, calibrate,
/// decide. The first five run on a worker thread, the last is pure and quick.
public final class Inspector: Sendable {
    let workers: WorkerPool<PhotoInspector>
    let model: DamageModel
    private let policy: LoadedPolicy
    private let settings: Settings
    let banks: ReferenceBankCache
    let limits: DecodingLimits

    /// Loads model, calibration and policy and starts the workers.
    ///
    /// - Parameters:
    ///   - settings: Where the files are, and the limits.
    ///   - priority: Whether the workers give way to the process's other threads.
    /// - Throws: ``Failure`` of kind `configuration` if one of the files is missing or wrong.
    public init(settings: Settings, priority: WorkerPriority = .normal) throws {
        let limits = settings.decodingLimits
        do {
            let files = try ModelFiles(settings: settings)
            let model = try DamageModel(
                modelPath: files.model, calibrationPath: files.calibration)
            self.model = model
            policy = try LoadedPolicy(settings: settings)
            workers = try WorkerPool(
                workerCount: settings.workerCount ?? CoreCount.granted, priority: priority
            ) {
                PhotoInspector(
                    model: model, decodingLimits: limits,
                    decoder: settings.isolatesDecoders
                        ? IsolatedPhotoDecoder(limits: limits) : PhotoDecoder(limits: limits))
            }
        } catch {
            throw Failure(describing: error)
        }
        self.settings = settings
        banks = ReferenceBankCache(countLimit: settings.referenceBankCountLimit)
        self.limits = limits
    }

    deinit { workers.stop() }

    /// How many items are judged at the same time.
    public var workerCount: Int { workers.workerCount }

    /// The model in use.
    public var modelVersion: ModelVersion { model.version }

    /// The policy's words for what reviewers decide.
    var reviewWording: ReviewWording { ReviewWording(policy: policy, locale: settings.locale) }

    /// The task that an appeal opens, by the policy.
    func appealDraft(order: OrderData) -> ReviewTaskDraft {
        policy.policy.appealDraft(order: order, at: .now)
    }

    /// What the policy lets comparisons do.
    var comparisonTerms: ComparisonTerms { policy.policy.comparison }

    /// The references of a record, compared by this model; nil if it cannot compare photos.
    func library(of store: CaseStore) -> ReferenceLibrary? {
        guard let version = referenceFeatureVersion else { return nil }
        return ReferenceLibrary(
            store: store, workers: workers, cache: banks, featureVersion: version)
    }

    /// Runs work of another kind on a worker thread, where it may block.
    func perform<Value: Sendable>(
        _ work: @escaping @Sendable (PhotoInspector) throws -> Value
    ) async throws -> Value {
        try await workers.perform(work)
    }

    /// Whether the policy has words in a language, a BCP 47 tag.
    func speaks(_ tag: String) -> Bool {
        tag.lowercased().hasPrefix(policy.policy.language(for: tag))
    }

    /// What names the work: the same key gives the same results for the same photos.
    var versionKey: String {
        [model.version.sha256.description, model.calibration.id, policy.sha256.description]
            .joined(separator: " ")
    }

    /// What decides how a photo is assessed: the same key gives the same assessment of the same
    /// bytes.
    ///
    /// Limits belong to it, because a photo beyond one is refused, and so does the program's
    /// version, because a later one may decode or judge otherwise.
    func engineKey() throws -> ContentHash {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let parts = [
            "regrade-assessment-v2", Program.version, model.version.sha256.description,
            model.version.preprocessing, "\(limits)", "\(QualityLimits())",
            String(decoding: try encoder.encode(model.calibration), as: UTF8.self),
        ]
        return Digest.contentHash(of: Array(parts.joined(separator: "\n").utf8))
    }

    /// Inspects one item.
    ///
    /// - Parameters:
    ///   - item: At least one photo.
    ///   - switches: Where automation is on.
    ///   - keepsBytes: Whether the result carries the photos' bytes for the casebook.
    ///   - staging: Where these bytes go at once instead, while the photos are judged.
    ///   - batchItem: The batch item this answers, if any.
    ///   - shelf: Where assessments of the same photos may lie; nil to compute them all.
    ///   - terms: Id, language and deadline, where they differ from the settings.
    ///   - casebook: Where reference photos of the product may lie; nil compares with none.
    ///   - signals: What is odd about the photos, told what tells them again; nothing by default.
    /// - Throws: ``Failure`` naming why no photo could be judged.
    public func inspect(
        _ item: ItemSubmission, switches: [AutomationSwitch] = [], keepsBytes: Bool = false,
        staging: PhotoStaging? = nil, batchItem: BatchItem? = nil, shelf: AssessmentShelf? = nil,
        terms: InspectionTerms = InspectionTerms(), comparedWith casebook: Casebook? = nil,
        signals: @Sendable ([PhotoFingerprint]) async throws -> [ReasonCode] = { _ in [] }
    ) async throws -> InspectedItem {
        let clock = ContinuousClock()
        let start = clock.now
        guard (1...ItemSubmission.photoCountLimit).contains(item.photos.count) else {
            throw Failure(
                .badInput, code: "photo_count",
                item.photos.isEmpty
                    ? "the item has no photo"
                    : "the item has more than \(ItemSubmission.photoCountLimit) photos")
        }
        let references = try await Casebook.failing {
            try await casebook.flatMap { library(of: $0.store) }?.references(for: item.order)
        }
        let intake = try await workers.perform { [limits] inspector in
            if let deadline = terms.deadline, ContinuousClock.now >= deadline {
                throw Failure(
                    .unavailable, code: "processing_deadline",
                    "the item waited for a worker for longer than processingSecondsLimit")
            }
            return try PhotoIntake(
                of: item, keepsBytes: keepsBytes, staging: staging, limits: limits,
                inspector: inspector, shelf: shelf, references: references)
        }
        guard !intake.received.isEmpty else {
            throw intake.failure ?? Failure(.badInput, code: "photo_count", "no photo")
        }
        var timings = intake.timings
        let decided = clock.now
        let adjudication = try await Stage.decide.run {
            let assessment = Assessment(
                fusing: intake.assessed, undecodablePhotos: intake.undecodable,
                comparison: references.flatMap {
                    ItemComparison(fusing: intake.compared, sku: $0.sku)
                })
            var found = try await signals(intake.received.map(\.fingerprint))
            if intake.received.contains(where: { !$0.metadataSigns.isEmpty }) {
                found.append(.photoMetadataEdited)
            }
            return self.adjudication(
                of: assessment, order: item.order, switches: switches, terms: terms,
                signals: found)
        }
        timings.policy = decided.duration(to: clock.now).milliseconds
        timings.total = start.duration(to: clock.now).milliseconds
        return InspectedItem(
            adjudication: adjudication, timings: timings, heatMaps: intake.heatMaps,
            record: record(adjudication, item.order, intake.received, batchItem),
            computed: intake.computed)
    }

    /// Where in one photo the evidence of damage lies.
    ///
    /// - Parameter references: What the photo is compared with as well; nil for the network alone.
    /// - Throws: ``Failure`` if the photo cannot be decoded.
    func heatMap(
        of bytes: [UInt8], index: Int, view: PhotoView, references: ItemReferences?
    ) async throws -> ReturnsDomain.HeatMap {
        do {
            return try await workers.perform { inspector in
                try inspector.heatMap(
                    of: bytes, index: index, view: view, references: references)
            }
        } catch {
            throw Failure(describing: error)
        }
    }

    private func adjudication(
        of assessment: Assessment, order: OrderData, switches: [AutomationSwitch],
        terms: InspectionTerms, signals: [ReasonCode]
    ) -> Adjudication {
        let now = Timestamp.now
        let id = terms.id ?? InspectionID(at: now)
        let decision = policy.policy.decision(
            for: assessment, order: order, calibration: model.calibration, switches: switches,
            pilotDraw: PilotDraw.draw(photos: assessment.photos.map(\.sha256)), signals: signals)
        let language = policy.policy.language(for: terms.locale ?? settings.locale)
        return Adjudication(
            id: id, createdAt: now, decidedBy: .machine, order: order, decision: decision,
            probabilities: SeverityEstimate(
                raw: assessment.raw, calibrated: assessment.calibrated),
            damage: assessment.damage, comparison: assessment.comparison,
            rationale: policy.policy.rationale(for: decision, locale: language),
            photos: assessment.photos.map(AdjudicatedPhoto.init),
            undecodablePhotos: assessment.undecodablePhotos,
            automation: AutomationNotice(
                used: true,
                notice: policy.policy.automationNotice(
                    for: decision.outcome, locale: language),
                humanPath: "/v1/inspections/\(id)/appeals"),
            model: model.version,
            policy: PolicyVersion(
                id: policy.policy.id, version: policy.policy.version, sha256: policy.sha256,
                rule: decision.rule))
    }

    private func record(
        _ adjudication: Adjudication, _ order: OrderData, _ photos: [ReceivedPhoto],
        _ batchItem: BatchItem?
    ) -> InspectionRecord {
        InspectionRecord(
            adjudication: adjudication, statement: order.statement, consent: order.consent,
            photos: photos,
            reviewTask: policy.policy.reviewTaskDraft(
                for: adjudication.decision, order: order, at: adjudication.createdAt,
                draws: ReviewDraws(
                    seed: policy.policy.review.sampleSeed,
                    photos: adjudication.photos.map(\.sha256), orderID: order.orderID)),
            batchItem: batchItem, calibrationSHA256: model.calibrationSHA256)
    }
}

/// One item after inspection, before anything is recorded.
public struct InspectedItem: Sendable {
    /// What was decided, in its stored form.
    public let adjudication: Adjudication
    /// How long each stage took.
    public let timings: StageTimings
    /// Where the evidence lies, one map per photo of the adjudication, in their order.
    public let heatMaps: [ReturnsDomain.HeatMap]
    /// What a casebook records.
    public let record: InspectionRecord
    /// The assessments that were computed for it; the others were known before.
    let computed: [PhotoAssessment]

    /// The document as an answer, with timings and, once recorded, its audit position.
    public func answer(audit: AuditPosition?) -> Adjudication {
        var answer = adjudication
        answer.timings = timings
        answer.audit = audit
        return answer
    }
}

extension Duration {
    /// The duration in milliseconds, with fractions.
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}
