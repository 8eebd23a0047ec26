/// How much earlier an urgent task is served than its age says, and never more than that.
///
/// Tasks are served in the order of *rank* = time of opening − head start. The head start grows
/// with the priority and stays below ``longestHeadStart``, so that waiting makes every task more
/// urgent than whatever comes later:
///
/// - Of two tasks opened at the same time, the one of higher priority is served first.
/// - No task opened more than ``longestHeadStart`` after another is served before it. What can
///   overtake a task is what was opened within that time; whatever arrives later cannot.
///
/// The rank does not change while a task waits, so that an index can hold it.
public struct ReviewAgeing: Hashable, Sendable {
    /// The bound of every head start, at least 0; with 0 the oldest task always comes first.
    public let longestHeadStart: Duration
    /// The priority that is worth half of it, more than 0.
    public let halfPriority: Double

    /// A day, and half a day for a priority of 50.
    public static let standard = ReviewAgeing(
        longestHeadStart: .seconds(24 * 3600), halfPriority: 50)

    /// Creates the terms.
    ///
    /// - Precondition: The head start is not negative, `halfPriority` is more than 0.
    public init(longestHeadStart: Duration, halfPriority: Double) {
        precondition(longestHeadStart >= .zero, "a head start of \(longestHeadStart)")
        precondition(halfPriority > 0, "half of the head start for a priority of \(halfPriority)")
        self.longestHeadStart = longestHeadStart
        self.halfPriority = halfPriority
    }

    /// The head start of a priority: longest × priority ÷ (priority + half).
    ///
    /// - Parameter priority: At least 0; what is no number counts as 0.
    public func headStart(priority: Double) -> Duration {
        guard priority > 0 else { return .zero }
        guard priority < .infinity else { return longestHeadStart }
        return longestHeadStart * (priority / (priority + halfPriority))
    }
}
