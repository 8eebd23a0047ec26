/// What a photo's metadata say of programs and times; it lives only while it is judged.
struct EditingFacts: Hashable {
    /// Programs that are named, as they name themselves.
    var programs: [String] = []
    /// Whether a generative model is named as the picture's source.
    var isGenerated = false
    /// When the picture was taken, in local time.
    var takenAt: MetadataTime?
    /// When it became a file, in local time.
    var digitizedAt: MetadataTime?
    /// When the file was changed last, in local time.
    var modifiedAt: MetadataTime?
    /// What the satellites said, in UTC.
    var satelliteTime: MetadataTime?

    /// How far two right times may differ: a day and the distance of the outermost zones, for
    /// clocks are local and a zone is seldom stated.
    static let clockToleranceSeconds = 26 * 3600

    /// The signs that hold.
    var signs: [MetadataSign] {
        MetadataSign.allCases.filter { sign in
            switch sign {
            case .editingSoftware: programs.contains(where: EditingPrograms.contains)
            case .generatedContent: isGenerated
            case .timesContradict: timesContradict
            }
        }
    }

    /// Whether times cannot all be right.
    ///
    /// A later change is no contradiction: galleries note one when they turn a picture. Nor is an
    /// older satellite time: receivers show the last one they had.
    private var timesContradict: Bool {
        guard let takenAt else { return false }
        func isBeforeTaken(_ time: MetadataTime?) -> Bool {
            time.map { takenAt.seconds(after: $0) > Self.clockToleranceSeconds } ?? false
        }
        let isTakenTooEarly =
            satelliteTime.map { $0.seconds(after: takenAt) > Self.clockToleranceSeconds } ?? false
        return isBeforeTaken(modifiedAt) || isBeforeTaken(digitizedAt) || isTakenTooEarly
    }

    /// Takes in an EXIF block.
    mutating func add(_ block: ExifBlock) {
        if let software = block.software { programs.append(software) }
        takenAt = takenAt ?? block.takenAt
        digitizedAt = digitizedAt ?? block.digitizedAt
        modifiedAt = modifiedAt ?? block.modifiedAt
        satelliteTime = satelliteTime ?? block.satelliteTime
    }

    /// Takes in XMP.
    mutating func add(_ xmp: XMPText) {
        programs += xmp.values(of: "CreatorTool") + xmp.values(of: "softwareAgent")
        isGenerated = isGenerated || xmp.namesGenerativeSource
    }
}
