/// How a new item is treated, from a free service to a full one: the ladder of load shedding.
///
/// Pure: what happens depends on how many items there are and on nothing else, so that the service
/// recovers the moment a burst is over. How long an item waits is what its worker has before it: so
/// the first steps count items a worker, while the last one bounds what is held at all.
public struct AdmissionLadder: Sendable, Hashable {
    /// What becomes of an item.
    public enum Step: String, Sendable, Hashable, CaseIterable {
        /// It is inspected within the request.
        case full
        /// The same, but heat maps are not drawn for anybody until the burst is over.
        case withoutHeatMap = "without_heat_map"
        /// It is stored, answered with 202, and inspected when its turn comes.
        case later
        /// It is refused with 429.
        case refused
    }

    /// Items a worker from which heat maps are not drawn.
    private static let heatMapDepth = 2
    /// Items a worker from which nobody is made to wait for the answer: a 12 MP photo takes a core
    /// about 0.1 s, so the last who waits does so for half a second.
    private static let waitingDepth = 4

    /// The depth from which items are refused.
    public let depthLimit: Int
    /// How many items are inspected at the same time.
    public let workerCount: Int

    /// Creates the ladder of a queue that holds `depthLimit` items and has `workerCount` workers.
    public init(depthLimit: Int, workerCount: Int) {
        self.depthLimit = depthLimit
        self.workerCount = workerCount
    }

    /// What becomes of an item that finds `depth` others waiting or being inspected.
    ///
    /// - Parameter prefersLater: Whether the client asked to be answered at once.
    public func step(depth: Int, prefersLater: Bool) -> Step {
        if depth >= depthLimit { return .refused }
        if prefersLater || depth >= Self.waitingDepth * workerCount { return .later }
        return depth >= Self.heatMapDepth * workerCount ? .withoutHeatMap : .full
    }

    /// The depth from which the service calls itself not ready, so that others get the next items.
    public var highWater: Int { max(1, depthLimit * 3 / 4) }
}
