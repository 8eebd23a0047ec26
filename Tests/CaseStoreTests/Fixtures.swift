import CaseStore
import Foundation
import ReturnsDomain

/// A data directory that is removed when the test lets go of it.
final class TemporaryDirectory: Sendable {
    let url = FileManager.default.temporaryDirectory
        .appending(path: "regrade-case-store-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: url) }

    func appending(_ path: String) -> URL { url.appending(path: path) }

    /// Waits until no store has it open: one that was let go closes its lock and its database,
    /// which removes the files beside it, a moment later.
    func waitUntilClosed() async throws {
        let folder = unsafe open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(folder) }
        let besides = ["regrade.sqlite-wal", "regrade.sqlite-shm"].map { appending($0).path }
        while flock(folder, LOCK_EX | LOCK_NB) != 0
            || besides.contains(where: FileManager.default.fileExists)
        {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// All regular files below, as bytes.
    func contents() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: url.path) {
            var isFolder: ObjCBool = false
            let file = appending(path)
            guard unsafe FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            files[path] = try Data(contentsOf: file)
        }
        return files
    }

    /// Permission bits, such as 0o600.
    func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: appending(path).path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }
}

/// A wall clock and a monotonic clock that move only when told to.
final class SettableClock: @unchecked Sendable {
    // Unchecked because the lock guards both stored values.
    private let lock = NSLock()
    private var wall = Timestamp(millisecondsSince1970: 1_790_000_000_000)
    private var nanoseconds: Int64 = 1_000_000_000_000

    func clock(bootID: String = "first-start") -> StoreClock {
        StoreClock(
            now: { self.lock.withLock { self.wall } },
            nanosecondsSinceBoot: { self.lock.withLock { self.nanoseconds } }, bootID: bootID)
    }

    func advance(by duration: Duration) {
        lock.withLock {
            wall = wall.advanced(by: duration)
            nanoseconds += duration.components.seconds * 1_000_000_000
        }
    }

    func stepWall(by duration: Duration) {
        lock.withLock { wall = wall.advanced(by: duration) }
    }

    /// The machine starts anew; give ``clock(bootID:)`` another name then.
    func restart() {
        lock.withLock { nanoseconds = 1_000_000_000 }
    }
}

extension ContentHash {
    /// A hash that tells fixtures apart.
    static func fixture(_ digit: Character) -> ContentHash {
        guard let hash = ContentHash(String(repeating: digit, count: 64)) else {
            preconditionFailure("\(digit) is no hexadecimal digit")
        }
        return hash
    }
}

extension Adjudication {
    /// A machine's adjudication of one photo.
    static func fixture(
        outcome: Outcome = .humanReview, orderID: String? = "order-4711",
        confidence: Double = 0.71, id: InspectionID = InspectionID(at: .now),
        customerRef: String? = "customer-9", photoHash: ContentHash = .fixture("a"),
        region: String = "DE", carrier: String? = nil,
        createdAt: Timestamp = Timestamp(millisecondsSince1970: 1_790_000_000_000),
        note: String = "scratch, 0.88"
    ) -> Adjudication {
        let severity = SeverityProbabilities(none: 0.1, minor: 0.6, moderate: 0.2, severe: 0.1)
        let photo = PhotoAssessment(
            index: 0, sha256: photoHash, view: .front, width: 640, height: 480,
            format: "jpeg", isDamagedFile: false,
            quality: PhotoQuality(sharpness: 0.8, exposure: 0.5, issues: []), raw: severity,
            calibrated: severity, damage: [], novelty: 0.1,
            heatMap: HeatMap(width: 1, height: 1, values: [0.5]))
        return Adjudication(
            id: id, createdAt: createdAt,
            decidedBy: .machine,
            order: OrderData(
                orderID: orderID, sku: "sku-1", category: "phone", region: region,
                value: Money(minorUnits: 12900, currency: "EUR"), customerRef: customerRef,
                carrier: carrier),
            decision: Decision(
                outcome: outcome, recommended: .refurbish, severity: .minor,
                confidence: confidence, predictionSet: [.refurbish, .reject],
                reasons: [Reason(.confidenceBelowThreshold), Reason(.scratchVisible, weight: 0.7)],
                remedy: .repair, rule: "phones"),
            probabilities: SeverityEstimate(raw: severity, calibrated: severity),
            damage: [DamageFinding(type: .scratch, probability: 0.88, photo: 0, areaRatio: 0.04)],
            rationale: Rationale(
                locale: "en", customer: "A person looks at it.", reviewer: note),
            photos: [AdjudicatedPhoto(photo)], undecodablePhotos: [],
            automation: AutomationNotice(
                used: true, notice: "A model took part.",
                humanPath: "/v1/inspections/\(id)/appeals"),
            model: ModelVersion(
                name: "damage", version: "1", sha256: .fixture("b"), preprocessing: "224",
                calibration: "damage-v1/1"),
            policy: PolicyVersion(
                id: "shipped", version: "1", sha256: .fixture("c"), rule: "phones"))
    }
}

extension InspectionRecord {
    /// A record of one photo; a review task is opened where the outcome asks for one.
    static func fixture(
        outcome: Outcome = .humanReview, orderID: String? = "order-4711",
        statement: String? = "it fell from the table", photo: Data? = nil,
        priority: Double = 10, confidence: Double = 0.71,
        id: InspectionID = InspectionID(at: .now), batchItem: BatchItem? = nil
    ) -> InspectionRecord {
        InspectionRecord(
            adjudication: .fixture(
                outcome: outcome, orderID: orderID, confidence: confidence, id: id),
            statement: statement, consent: "notice-1",
            photos: [
                ReceivedPhoto(
                    index: 0, sha256: .fixture("a"), byteCount: 1234, view: .front,
                    format: "jpeg", width: 640, height: 480, removedMetadata: ["gps"],
                    keptBytes: photo)
            ],
            reviewTask: outcome == .humanReview
                ? ReviewTaskDraft(
                    priority: priority,
                    dueAt: Timestamp(millisecondsSince1970: 1_790_000_360_000),
                    reasons: [.confidenceBelowThreshold]) : nil,
            batchItem: batchItem)
    }
}

/// The lines of a file, without their newlines.
func lines(_ file: URL) throws -> [String] {
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    return text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
}

/// All lines of a stream that rotates, such as `review-queue`: its full segments, then the file
/// that is being filled.
func lines(ofStream stream: String, in directory: TemporaryDirectory) throws -> [String] {
    let folder = directory.appending(stream)
    let segments = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return try segments.sorted().flatMap { try lines(folder.appending(path: $0)) }
        + lines(directory.appending("\(stream).jsonl"))
}

/// The members of a JSON line.
func members(_ line: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
}
