import ReturnsDomain
import Statistics

/// The photos that a calibration may use, one a group, in two parts that share no group.
struct CalibrationCases {
    /// Fits temperatures and plans thresholds.
    let planning: [JudgedPhoto]
    /// Tests thresholds and makes prediction sets; nothing was fitted on it before.
    let testing: [JudgedPhoto]
    /// Photos left out because they, or others of their group, are training photos.
    let trainingCount: Int
    /// Photos left out because a machine would not decide on them: unfit, or a damaged file.
    let unfitCount: Int
    /// Photos left out because their group has another one.
    let siblingCount: Int

    /// Both parts.
    var all: [JudgedPhoto] { planning + testing }

    /// Sorts photos.
    ///
    /// The part follows from a hash of the group's name, so that it depends neither on the order
    /// of the file nor on any label.
    init(_ photos: [JudgedPhoto]) {
        let trained = Set(photos.filter(\.label.isTrainingPhoto).map(\.label.group))
        let untrained = photos.filter { !trained.contains($0.label.group) }
        let fit = untrained.filter(\.isFit)
        trainingCount = photos.count - untrained.count
        unfitCount = untrained.count - fit.count
        var groups: Set<String> = []
        let single = fit.sorted { $0.label.path < $1.label.path }
            .filter { groups.insert($0.label.group).inserted }
        siblingCount = fit.count - single.count
        planning = single.filter { Self.isForPlanning($0.label.group) }
        testing = single.filter { !Self.isForPlanning($0.label.group) }
    }

    private static func isForPlanning(_ group: String) -> Bool {
        let hash = Digest.sha256(text: "regrade calibration\n" + group)
        let share = Double(UInt32(hash.prefix(8), radix: 16) ?? 0) / 0x1p32
        return share < CalibrationRequest.planningShare
    }
}
