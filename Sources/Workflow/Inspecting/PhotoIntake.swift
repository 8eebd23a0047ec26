import Foundation
import Imaging
import Inspection
import ReturnsDomain
import SystemPackage

import class CaseStore.PhotoStaging

/// What one worker makes of one item's photos: read, hash, decode, judge, cut metadata.
struct PhotoIntake {
    /// The photos that could be decoded.
    private(set) var assessed: [PhotoAssessment] = []
    /// The others.
    private(set) var undecodable: [UndecodablePhoto] = []
    /// Why the others failed, in their order.
    private var failures: [Failure.Part] = []
    /// The first of those failures, with all of them as its parts.
    private(set) var failure: Failure?
    /// All photos as received.
    private(set) var received: [ReceivedPhoto] = []
    /// How long decoding, quality and network took.
    private(set) var timings = StageTimings()
    /// What came of comparing them with references; empty where there are none.
    private(set) var compared: [ComparedPhoto] = []
    /// Where the evidence lies, one for each of ``assessed``.
    private(set) var heatMaps: [ReturnsDomain.HeatMap] = []
    /// Those of ``assessed`` that were computed here, not taken from the shelf.
    private(set) var computed: [PhotoAssessment] = []

    /// Takes in all photos of an item; blocks, so it runs on a worker thread.
    ///
    /// - Parameters:
    ///   - staging: Where bytes to be kept go before their photo is judged, so that the disk is
    ///     done with them by then; nil to leave them with the photo.
    ///   - shelf: Where assessments of the same photos may lie; nil to compute them all. Photos
    ///     that are compared are always computed.
    ///   - references: What they are compared with; nil for nothing.
    /// - Throws: ``Failure`` if a file cannot be read at all; a photo that cannot be decoded is
    ///   counted instead, since others may tell enough.
    init(
        of item: ItemSubmission, keepsBytes: Bool, staging: PhotoStaging? = nil,
        limits: DecodingLimits, inspector: PhotoInspector, shelf: AssessmentShelf? = nil,
        references: ItemReferences? = nil
    ) throws {
        for photo in item.earlierPhotos {
            let judged = try inspector.judge(
                photo.bytes, index: photo.index, view: photo.view, references: references)
            add(judged, as: judged.assessment.ofPhoto(received: photo.sha256))
        }
        for (offset, photo) in item.photos.enumerated() {
            let index = item.firstPhotoIndex + offset
            let bytes = try photo.bytes ?? Self.bytes(of: photo.path, limits: limits)
            let sha256 = photo.sha256 ?? Digest.contentHash(of: bytes)
            // Bytes that are no photo fail below, where it is said what of.
            let kept =
                keepsBytes
                ? Result { try KeptPhoto(bytes, index: index, staging: staging) } : nil
            do {
                let assessment = try assessment(
                    of: bytes, sha256, index: index, view: photo.view, inspector: inspector,
                    shelf: references == nil ? shelf : nil, references: references)
                received.append(
                    Self.received(assessment, bytes: bytes, kept: try kept?.get()))
            } catch PhotoInspectionError.decoding(let error) {
                undecodable.append(
                    UndecodablePhoto(index: index, sha256: sha256, code: error.code))
                failures.append(
                    Failure.Part(
                        pointer: "/photos/\(offset)", code: error.code, message: error.description))
                failure = failure ?? Failure(describing: error)
            }
        }
        failure?.parts = failures
    }

    private mutating func assessment(
        of bytes: [UInt8], _ sha256: ContentHash, index: Int, view: PhotoView,
        inspector: PhotoInspector, shelf: AssessmentShelf?, references: ItemReferences?
    ) throws -> PhotoAssessment {
        if let known = shelf?.assessment(of: sha256, index: index, view: view) {
            assessed.append(known)
            heatMaps.append(known.heatMap)
            return known
        }
        let judged = try inspector.judge(
            bytes, index: index, view: view, sha256: sha256, references: references)
        add(judged, as: judged.assessment)
        computed.append(judged.assessment)
        return judged.assessment
    }

    private mutating func add(_ judged: JudgedAndCompared, as assessment: PhotoAssessment) {
        assessed.append(assessment)
        heatMaps.append(judged.heatMap)
        if let photo = judged.compared { compared.append(photo) }
        timings.add(judged.timings)
    }

    private static func received(
        _ photo: PhotoAssessment, bytes: [UInt8], kept: KeptPhoto?
    ) -> ReceivedPhoto {
        ReceivedPhoto(
            index: photo.index, sha256: photo.sha256, byteCount: bytes.count, view: photo.view,
            format: photo.format, width: photo.width, height: photo.height,
            removedMetadata: kept?.removed.map(\.rawValue) ?? [],
            metadataSigns: MetadataSign.signs(in: bytes).map(\.rawValue),
            keptBytes: kept?.bytes, look: photo.look)
    }

    /// Reads a file, but never more than one byte over the limit: enough to tell that it is too
    /// long.
    static func bytes(of path: String, limits: DecodingLimits) throws -> [UInt8] {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            return try file.closeAfter {
                try contents(of: file, countLimit: limits.byteCountLimit + 1)
            }
        } catch {
            let isMissing = !FileManager.default.fileExists(atPath: path)
            throw Failure(
                isMissing ? .inputMissing : .inputOutput,
                code: isMissing ? "photo_missing" : "photo_unreadable",
                isMissing
                    ? "there is no file \(path)"
                    : "file \(path) cannot be read: \(error)")
        }
    }

    /// Straight into the array, because a camera's photo costs half a millisecond for each copy.
    private static func contents(of file: FileDescriptor, countLimit: Int) throws -> [UInt8] {
        // A pipe has no size and cannot be gone back in; memory that is not written costs nothing.
        let size = (try? file.seek(offset: 0, from: .end)).map(Int.init) ?? countLimit
        _ = try? file.seek(offset: 0, from: .start)
        return unsafe try [UInt8](
            unsafeUninitializedCapacity: min(size, countLimit)
        ) { room, count in
            let bytes = UnsafeMutableRawBufferPointer(room)
            while count < bytes.count {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[count...])
                let readCount = try unsafe file.read(into: rest)
                if readCount == 0 { break }
                count += readCount
            }
        }
    }
}

/// What of a photo is kept.
private struct KeptPhoto {
    /// The photo without its metadata; nil if it is on its way to the disk already.
    let bytes: Data?
    /// What was cut.
    let removed: [RemovedMetadata]

    /// Cuts a photo's metadata.
    ///
    /// - Parameter staging: Where the rest goes at once; nil to hold it.
    init(
        _ photo: [UInt8], index: Int, staging: PhotoStaging?
    ) throws(ImageDecodingError) {
        let stripped = try MetadataStripping.stripped(photo)
        let bytes = Data(stripped.bytes)
        staging?.add(bytes, index: index)
        self.bytes = staging == nil ? bytes : nil
        removed = stripped.removed
    }
}

extension PhotoAssessment {
    /// The same assessment under the hash of the bytes received, of which a kept photo has only
    /// the picture.
    fileprivate func ofPhoto(received sha256: ContentHash) -> PhotoAssessment {
        PhotoAssessment(
            index: index, sha256: sha256, view: view, width: width, height: height, format: format,
            isDamagedFile: isDamagedFile, quality: quality, raw: raw, calibrated: calibrated,
            damage: damage, novelty: novelty, heatMap: heatMap, category: category)
    }
}

extension StageTimings {
    /// Adds another photo's time to each stage.
    mutating func add(_ other: StageTimings) {
        decode += other.decode
        quality += other.quality
        network += other.network
        comparison += other.comparison
    }
}
