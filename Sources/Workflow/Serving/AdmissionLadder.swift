/// How a new item is treated, from a free service to a full one: the ladder of load shedding.
///
/// Pure: what happens depends on how many items there are and on nothing else, so that the service
/// recovers the moment a burst is over.
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

    /// The depth from which items are refused.
    public let depthLimit: Int

    /// Creates the ladder of a queue that holds `depthLimit` items.
    public init(depthLimit: Int) {
        self.depthLimit = depthLimit
    }

    /// What becomes of an item that finds `depth` others waiting or being inspected.
    ///
    /// - Parameter prefersLater: Whether the client asked to be answered at once.
    public func step(depth: Int, prefersLater: Bool) -> Step {
        if depth >= depthLimit { return .refused }
        if prefersLater || depth >= max(2, depthLimit / 4) { return .later }
        return depth >= max(1, depthLimit / 8) ? .withoutHeatMap : .full
    }

    /// The depth from which the service calls itself not ready, so that others get the next items.
    public var highWater: Int { max(1, depthLimit * 3 / 4) }
}
