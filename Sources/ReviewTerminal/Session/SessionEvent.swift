package import ReturnsDomain

/// Something that happened, as the session is told.
package enum SessionEvent: Sendable {
    /// A key was pressed.
    case key(Key)
    /// Text was pasted.
    case pasted(String)
    /// The terminal has another size.
    case resized(CellSize)
    /// Some time went by.
    case tick
    /// The process was asked to end: a signal, a hang-up, the end of input.
    case interrupted

    /// A task was leased.
    case leased(CaseRecord)
    /// Nothing waits.
    case queueEmpty
    /// Leasing failed for another reason.
    case leasingFailed(String)
    /// The photos with these indexes can be shown.
    case photosLoaded(ReviewTaskID, indexes: [Int])
    /// No photo can be shown.
    case photosMissing(ReviewTaskID, String)
    /// The heat maps of all photos are there.
    case heatMapsReady(ReviewTaskID)
    /// There is no heat map, and why.
    case heatMapsMissing(ReviewTaskID, String)
    /// A picture was made ready.
    case prepared(PictureKey, PreparedPicture)

    /// The decision is recorded.
    case recorded(ReviewTaskID)
    /// The decision was refused.
    case decisionRefused(ReviewTaskID, Refusal)
    /// The decision was taken back and the task is leased again.
    case undone(CaseRecord)
    /// The decision stands.
    case undoRefused(String)
    /// The lease lasts so much longer from now on.
    case extended(ReviewTaskID, remaining: Duration)
    /// The lease was not extended.
    case extensionRefused(ReviewTaskID, Refusal)
    /// The task waits in the queue again, or was no longer ours.
    case released(ReviewTaskID)
    /// What became of a photo that was to be opened elsewhere.
    case viewer(String)
}

/// Why the record refused something.
package enum Refusal: Hashable, Sendable {
    /// The lease has ended; someone else may have the task.
    case leaseLost
    /// Something else, in a sentence.
    case other(String)
}

/// Something the session wants done.
package enum SessionEffect: Hashable, Sendable {
    /// Lease the most urgent task that is none of these.
    case leaseNext(skipping: Set<ReviewTaskID>)
    /// Fetch and decode the kept photos; audited.
    case loadPhotos(ReviewTask)
    /// Compute the heat maps of the loaded photos.
    case computeHeatMaps(ReviewTask)
    /// Scale a picture for its place.
    case prepare(PictureKey)
    /// Record a decision.
    case decide(ReviewDecision)
    /// Take a decision back.
    case undo(ReviewTaskID, LeaseID)
    /// Extend a lease.
    case extend(ReviewTaskID, LeaseID)
    /// Give a task back.
    case release(ReviewTaskID, LeaseID)
    /// Show a photo in another program.
    case openViewer(ReviewTask, photo: Int)
    /// Drop what is kept of a case in memory and in temporary files.
    case forget(ReviewTaskID)
    /// Hand the terminal back to the shell for a while (SIGTSTP).
    case suspend
    /// Draw everything anew.
    case redraw
    /// End: nothing is held any more.
    case end
}
