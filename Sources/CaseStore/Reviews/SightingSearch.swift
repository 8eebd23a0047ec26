internal import GRDB
import ReturnsDomain

/// Looks for photos among those of other orders of a tenant.
struct SightingSearch {
    /// The most sightings that are told of one photo.
    static let sightingCountLimit = 10
    /// The most photos that are compared with one for each part of its look: where more share a
    /// part, as with thousands of pictures of one white box, the rest is not looked at.
    static let candidateCountLimit = 20_000

    let db: Database
    let tenant: Tenant
    /// The order that the photos come with; the same order is no other.
    let orderID: String
    /// Only what came before this inspection; nil for everything.
    var before: InspectionID?

    /// Where a photo was seen, the same bytes first, then the most alike.
    ///
    /// Where the nearest fill what is told, as with a picture that came thousands of times, nothing
    /// further away is looked for.
    func sightings(of photo: PhotoFingerprint) throws -> [PhotoSighting] {
        var found = try sameBytes(as: photo)
        for search in [identicalLooks, lookalikes] where found.count < Self.sightingCountLimit {
            var known = Set(found.map(\.inspection))
            for (inspection, distance) in try search(photo) where !known.contains(inspection) {
                guard found.count < Self.sightingCountLimit else { break }
                known.insert(inspection)
                if let seenAt = try moment(of: inspection) {
                    found.append(
                        PhotoSighting(
                            photo: photo.index, inspection: inspection, seenAt: seenAt,
                            distance: distance))
                }
            }
        }
        return found
    }

    private func sameBytes(as photo: PhotoFingerprint) throws -> [PhotoSighting] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT DISTINCT p.inspection, i.createdAt FROM photo p
                      JOIN inspection i ON i.tenant = p.tenant AND i.id = p.inspection
                    WHERE p.tenant = ? AND p.sha256 = ? AND i.orderID <> ? AND p.inspection < ?
                    ORDER BY p.inspection LIMIT \(Self.sightingCountLimit)
                    """),
            arguments: [
                tenant.description, photo.sha256.description, orderID, firstExcluded,
            ]
        ).map { row in
            PhotoSighting(
                photo: photo.index,
                inspection: try identifier(row["inspection"], InspectionID.self),
                seenAt: timestamp(row["createdAt"]), distance: nil)
        }
    }

    /// The first inspections with a photo of the very same look; some may be of this order.
    private func identicalLooks(
        of photo: PhotoFingerprint
    ) throws -> [(inspection: InspectionID, distance: Int)] {
        guard let look = photo.look else { return [] }
        return try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT inspection FROM
                      (SELECT inspection, look FROM photoLook
                       WHERE tenant = ? AND number = 0 AND part = ? AND inspection < ?
                       ORDER BY inspection LIMIT \(Self.candidateCountLimit))
                    WHERE look = ? LIMIT \(3 * Self.sightingCountLimit)
                    """),
            arguments: [
                tenant.description, LookIndex.part(0, of: look), firstExcluded,
                Int64(bitPattern: look),
            ]
        ).map { (try identifier($0, InspectionID.self), 0) }
    }

    /// Inspections with a photo that looks the same, the nearest first.
    private func lookalikes(
        of photo: PhotoFingerprint
    ) throws -> [(inspection: InspectionID, distance: Int)] {
        guard let look = photo.look else { return [] }
        var distances: [String: Int] = [:]
        for number in 0..<LookIndex.partCount {
            let parts = LookIndex.neighbours(
                of: LookIndex.part(number, of: look), within: LookIndex.partRadius(number))
            let statement = try db.cachedStatement(
                sql: """
                    SELECT inspection, look FROM photoLook
                    WHERE tenant = ? AND number = ?
                      AND part IN (\(parts.map { _ in "?" }.joined(separator: ", ")))
                      AND inspection < ?
                    LIMIT \(Self.candidateCountLimit)
                    """)
            let arguments: [any DatabaseValueConvertible] =
                [tenant.description, number] + parts + [firstExcluded]
            let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
            while let row = try rows.next() {
                let other = UInt64(bitPattern: row["look"] as Int64)
                let distance = LookIndex.distance(look, other)
                guard distance <= LookIndex.radius else { continue }
                let inspection: String = row["inspection"]
                distances[inspection] = min(distance, distances[inspection] ?? distance)
            }
        }
        return try distances.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
            .prefix(Self.candidateCountLimit)
            .map { (try identifier($0.key, InspectionID.self), $0.value) }
    }

    /// When an inspection of another order was made; nil if it is of the same order or of none.
    private func moment(of inspection: InspectionID) throws -> Timestamp? {
        try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT createdAt FROM inspection WHERE tenant = ? AND id = ? AND orderID <> ?
                    """),
            arguments: [tenant.description, inspection.description, orderID]
        ).map { timestamp($0) }
    }

    /// Identifiers sort by time; `~` is after all of them.
    private var firstExcluded: String { before?.description ?? "~" }
}
