import Crypto
public import Imaging
import NeuralNetwork
public import ReferenceComparison
public import ReturnsDomain
import Traces

/// Assesses photos one after the other: decodes, judges quality, runs the network, calibrates.
///
/// One inspector belongs to one worker thread: it blocks that thread and owns the decoder and the
/// network's working memory. Not `Sendable` on purpose.
public final class PhotoInspector {
    /// The model that is used.
    public let model: DamageModel
    /// From which measurements on a photo is unfit for judging.
    public let qualityLimits: QualityLimits

    private let decoder: any PhotoDecoding
    private let session: NetworkSession
    private let writer: InputWriter
    private let clock = ContinuousClock()

    /// Reserves the working memory for one thread.
    ///
    /// - Parameter decoder: Of the same thread; nil for one in this process.
    public init(
        model: DamageModel, decodingLimits: DecodingLimits = DecodingLimits(),
        decoder: (any PhotoDecoding)? = nil, qualityLimits: QualityLimits = QualityLimits()
    ) {
        self.model = model
        self.qualityLimits = qualityLimits
        self.decoder = decoder ?? PhotoDecoder(limits: decodingLimits)
        session = NetworkSession(model.program)
        writer = InputWriter(model.preprocessing)
    }

    /// Assesses one photo.
    ///
    /// A poor photo is assessed as well, so that a reviewer sees what the model made of it; its
    /// issues keep a machine from deciding.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - index: The photo's position among the item's photos, from 0.
    ///   - view: Which side the sender says it shows.
    ///   - sha256: The file's hash, if it is known already.
    /// - Returns: The assessment, and how long decoding, quality and network took; the other stages
    ///   are 0.
    /// - Throws: ``PhotoInspectionError``; `.decoding` is about the photo, the others about us.
    public func assess(
        _ bytes: [UInt8], index: Int, view: PhotoView, sha256: ContentHash? = nil
    ) throws(PhotoInspectionError) -> (PhotoAssessment, StageTimings) {
        let (assessment, _, timings) = try assessWithScores(
            bytes, index: index, view: view, sha256: sha256)
        return (assessment, timings)
    }

    /// Assesses one photo and also returns what the network said before calibration.
    ///
    /// For fitting and judging calibrations; parameters and errors as for
    /// ``assess(_:index:view:sha256:)``.
    public func assessWithScores(
        _ bytes: [UInt8], index: Int, view: PhotoView, sha256: ContentHash? = nil
    ) throws(PhotoInspectionError) -> (PhotoAssessment, UncalibratedScores, StageTimings) {
        let start = clock.now
        let photo = try Stage.decode.run { () throws(PhotoInspectionError) in
            try decoded(bytes)
        }
        let sha256 = sha256 ?? ContentHash(digest: SHA256.hash(data: bytes))
        let decodedAt = clock.now
        let size = photo.header.uprightSize
        let quality = qualityLimits.quality(
            of: QualityFeatures(of: photo.image), size: size, view: view)
        let look = PerceptualHash(of: photo.image)?.bits
        let judgedAt = clock.now
        let scores = try Stage.classify.run { () throws(PhotoInspectionError) in
            try self.scores(of: photo.image)
        }
        let assessment = PhotoAssessment(
            index: index, sha256: sha256, view: view, width: size.width, height: size.height,
            format: photo.header.format.rawValue, isDamagedFile: photo.isDamaged, quality: quality,
            raw: Calibration.rawSeverity(logits: scores.severityLogits),
            calibrated: model.calibration.calibratedSeverity(logits: scores.severityLogits),
            damage: findings(scores, photo: index),
            novelty: model.calibration.noveltyShare(distance: Double(scores.noveltyDistance)),
            heatMap: scores.heatMap, category: scores.category, look: look)
        let end = clock.now
        let timings = StageTimings(
            decode: milliseconds(decodedAt - start), quality: milliseconds(judgedAt - decodedAt),
            network: milliseconds(end - judgedAt), total: milliseconds(end - start))
        let uncalibrated = UncalibratedScores(
            severityLogits: scores.severityLogits.map(Double.init),
            noveltyDistance: Double(scores.noveltyDistance))
        return (assessment, uncalibrated, timings)
    }

    /// What the photo of the last ``assess(_:index:view:sha256:)`` is like, place by place, for
    /// comparing it with references: out of the same run of the network.
    ///
    /// - Returns: Nil if this model has no inner image to compare photos by.
    /// - Throws: ``PhotoInspectionError/notFinite(output:)``.
    public func features() throws(PhotoInspectionError) -> PatchFeatures? {
        guard let recipe = model.featureRecipe else { return nil }
        do {
            var images: [PixelVectors] = []
            for tap in session.program.taps { images.append(try session.tap(named: tap.name)) }
            let embedding = try session.withOutput(named: ModelOutputs.embedding) { span in
                span.indices.map { span[$0] }
            }
            return try recipe.features(of: images, embedding: embedding)
        } catch let error as ModelError {
            throw .network(error)
        } catch {
            throw .notFinite(output: "patch features")
        }
    }

    /// What a reference photo is like, as it is and as a mirror shows it: two runs of the network.
    ///
    /// - Parameter bytes: The whole file.
    /// - Returns: Nil if this model has no inner image to compare photos by.
    /// - Throws: ``PhotoInspectionError``; `.decoding` is about the photo, the others about us.
    public func referenceFeatures(
        of bytes: [UInt8]
    ) throws(PhotoInspectionError) -> ReferenceFeatures? {
        let image = try decoded(bytes).image
        _ = try scores(of: image)
        guard let upright = try features() else { return nil }
        _ = try scores(of: image.mirrored())
        guard let mirrored = try features() else { return nil }
        return ReferenceFeatures(upright, mirrored: mirrored)
    }

    /// Decodes a photo as ``assess(_:index:view:sha256:)`` does, to show it.
    ///
    /// - Parameter target: What the picture must cover, in pixels; nil for full size.
    /// - Throws: ``PhotoInspectionError/decoding(_:)``.
    public func picture(
        of bytes: [UInt8], covering target: PixelSize? = nil
    ) throws(PhotoInspectionError) -> RGBImage {
        try decode(bytes, covering: target).image
    }

    /// Decodes at the smallest scale that still covers what quality and network look at.
    private func decoded(_ bytes: [UInt8]) throws(PhotoInspectionError) -> DecodedPhoto {
        let side = QualityFeatures.normalizedSide
        let target = PixelSize(
            width: max(side, model.preprocessing.width),
            height: max(side, model.preprocessing.height))
        return try decode(bytes, covering: target)
    }

    private func decode(
        _ bytes: [UInt8], covering target: PixelSize?
    ) throws(PhotoInspectionError) -> DecodedPhoto {
        do {
            return try decoder.decode(bytes, covering: target)
        } catch .decoderFailed(let failure) where failure.isNotThePhotos {
            throw .decoderUnavailable(failure)
        } catch {
            throw .decoding(error)
        }
    }

    private func scores(of image: RGBImage) throws(PhotoInspectionError) -> NetworkScores {
        let placement = InputPlacement(of: image.size, model.preprocessing)
        let picture = image.resized(
            to: PixelSize(width: placement.columns.count, height: placement.rows.count))
        let writer = writer
        do {
            try session.withInput(named: model.inputName) { input in
                writer.write(picture, placement, to: &input)
            }
            try session.run()
            return try NetworkScores(of: session, model: model, placement: placement)
        } catch let error as ModelError {
            throw .network(error)
        } catch let error as PhotoInspectionError {
            throw error
        } catch {
            throw .notFinite(output: "\(error)")
        }
    }

    private func findings(_ scores: NetworkScores, photo: Int) -> [DamageFinding] {
        let calibration = model.calibration
        let areaRatio = scores.heatMap.areaRatio(atLeast: Self.visibleEvidence)
        return zip(DamageType.allCases, scores.typeLogits).compactMap { type, logit in
            let probability = calibration.typeProbability(logit: logit)
            guard probability >= calibration.typeThreshold(type) else { return nil }
            return DamageFinding(
                type: type, probability: probability, photo: photo, areaRatio: areaRatio)
        }.sortedByProbability()
    }

    private func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

    /// The probability from which a cell of the heat map counts to the damaged area.
    private static let visibleEvidence: Float = 0.5
}

/// What the network said of a photo, as calibrations take it in.
public struct UncalibratedScores: Hashable, Sendable {
    /// The three continuation-ratio logits, finite.
    public let severityLogits: [Double]
    /// How far the photo is from the training photos, finite.
    public let noveltyDistance: Double

    /// Creates scores.
    public init(severityLogits: [Double], noveltyDistance: Double) {
        self.severityLogits = severityLogits
        self.noveltyDistance = noveltyDistance
    }
}
