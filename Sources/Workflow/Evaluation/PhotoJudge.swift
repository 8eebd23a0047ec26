import DecisionPolicy
import Foundation
import Imaging
import Inspection
public import ReturnsDomain

/// Runs the model over labelled photos, on the worker pool, a few photos in memory at a time.
public final class PhotoJudge: Sendable {
    private let workers: WorkerPool<PhotoInspector>
    private let limits: DecodingLimits
    private let casebook: Casebook?
    /// The model and its present calibration.
    let model: DamageModel
    /// What turns severities into outcomes.
    let policy: Policy

    /// Loads model, calibration and policy and starts the workers.
    ///
    /// - Parameter casebook: Where labels by inspection find their photos; nil if there are none.
    /// - Throws: ``Failure`` of kind `configuration` if one of the files is missing or wrong.
    public init(settings: Settings, casebook: Casebook? = nil) throws {
        self.casebook = casebook
        let limits = settings.decodingLimits
        do {
            let files = try ModelFiles(settings: settings)
            let model = try DamageModel(
                modelPath: files.model, calibrationPath: files.calibration)
            self.model = model
            policy = try LoadedPolicy(settings: settings).policy
            workers = try WorkerPool(
                workerCount: settings.workerCount ?? CoreCount.granted
            ) { PhotoInspector(model: model, decodingLimits: limits) }
        } catch {
            throw Failure(describing: error)
        }
        self.limits = limits
    }

    deinit { workers.stop() }

    /// The model in use.
    public var modelVersion: ModelVersion { model.version }

    /// Judges photos; the results are in the order of the labels.
    ///
    /// - Parameter report: Called after every photo.
    /// - Throws: ``Failure`` of kind `tryAgain` if the task is cancelled, or of kind `badInput` if
    ///   no photo can be judged. Files that cannot be read are returned beside the results.
    public func judge(
        _ labels: [LabelledPhoto], report: @Sendable (BatchProgress) -> Void
    ) async throws -> (judged: [JudgedPhoto], unreadable: [UnreadablePhoto]) {
        let start = ContinuousClock().now
        var results = [Result<JudgedPhoto, Failure>?](repeating: nil, count: labels.count)
        var unreadableCount = 0
        try await withThrowingTaskGroup(of: (Int, Result<JudgedPhoto, Failure>).self) { group in
            var doneCount = 0
            func collect() async throws {
                guard let (index, result) = try await group.next() else { return }
                results[index] = result
                doneCount += 1
                if case .failure = result { unreadableCount += 1 }
                report(
                    BatchProgress(
                        totalCount: labels.count, resumedCount: 0,
                        inspectedCount: doneCount - unreadableCount,
                        unreadableCount: unreadableCount, reusedPhotoCount: 0,
                        elapsed: start.duration(to: ContinuousClock().now)))
            }
            for (index, label) in labels.enumerated() {
                if Task.isCancelled { break }
                // Twice as many as workers, so that no worker waits for this loop.
                if index - doneCount >= 2 * workers.workerCount { try await collect() }
                group.addTask { (index, try await self.result(of: label)) }
            }
            while doneCount < labels.count, !group.isEmpty { try await collect() }
        }
        try Task.checkCancellation(
            orThrow: Failure(.tryAgain, code: "interrupted", "interrupted; nothing was written"))
        return try split(results, labels)
    }

    private func result(of label: LabelledPhoto) async throws -> Result<JudgedPhoto, Failure> {
        do {
            let judged = try await withPhoto(of: label) { bytes, inspector in
                let (photo, scores, _) = try inspector.assessWithScores(
                    bytes, index: 0, view: .other)
                return JudgedPhoto(
                    label: label, width: photo.width, height: photo.height,
                    isFit: photo.quality.isUsable && !photo.isDamagedFile,
                    severityLogits: scores.severityLogits,
                    noveltyDistance: scores.noveltyDistance)
            }
            return .success(judged)
        } catch {
            let failure = Failure(describing: error)
            guard failure.isAboutTheInput else { throw failure }
            return .failure(failure)
        }
    }

    private func split(
        _ results: [Result<JudgedPhoto, Failure>?], _ labels: [LabelledPhoto]
    ) throws -> (judged: [JudgedPhoto], unreadable: [UnreadablePhoto]) {
        var judged: [JudgedPhoto] = []
        var unreadable: [UnreadablePhoto] = []
        for (result, label) in zip(results, labels) {
            switch result {
            case .success(let photo): judged.append(photo)
            case .failure(let failure):
                unreadable.append(UnreadablePhoto(path: label.path, code: failure.code))
            case nil: break
            }
        }
        guard !judged.isEmpty else {
            let codes = Set(unreadable.map(\.code)).sorted().joined(separator: ", ")
            throw Failure(
                .badInput, code: "nothing_readable",
                "none of the \(labels.count) labelled photos can be judged (\(codes)); paths are "
                    + "relative to the labels file unless --photos names a folder")
        }
        return (judged, unreadable)
    }

    /// A photo and its heat map, small; nil if the photo cannot be read any more.
    func thumbnail(of label: LabelledPhoto) async -> Thumbnail? {
        // A page without one picture is still the page; it says that the picture is not at hand.
        try? await withPhoto(of: label) { [limits] bytes, inspector in
            let (photo, _) = try inspector.assess(bytes, index: 0, view: .other)
            return try Thumbnail(bytes: bytes, map: photo.heatMap, limits: limits)
        }
    }

    /// Reads a labelled photo and hands it to a worker.
    private func withPhoto<Value: Sendable>(
        of label: LabelledPhoto,
        _ body: @escaping @Sendable ([UInt8], PhotoInspector) throws -> Value
    ) async throws -> Value {
        switch label.place {
        case .file(let path):
            return try await workers.perform { [limits] inspector in
                try body(PhotoIntake.bytes(of: path, limits: limits), inspector)
            }
        case .kept(let inspection, let hash):
            guard let casebook else {
                throw Failure(
                    .usage, code: "data_directory_missing",
                    "the labels name \(inspection), whose photos lie in a data directory; pass "
                        + "--data DIR")
            }
            let bytes = try await casebook.keptPhoto(of: inspection, sha256: hash)
            return try await workers.perform { try body(bytes, $0) }
        }
    }
}
