/// What must stand in the logs of the record, in order.
///
/// The n-th entry has number n: numbers without gap or double.
struct ExpectedLogs {
    /// Kinds of audit entries.
    var audit: [String] = []
    /// Event and task of the review queue's events.
    var queue: [String] = []
    /// Type and inspection of outgoing events.
    var outbox: [String] = []
}
