import ReturnsDomain
import ReviewTerminal
import Testing

struct ReviewSessionTests {
    /// A session with case 1 on the screen and case 2 leased ahead.
    private func driver() throws -> Driver {
        var driver = try Driver()
        #expect(driver.effects == [.leaseNext(skipping: [])])
        driver.send(.leased(try Fixtures.record(1)))
        #expect(driver.effects == [.leaseNext(skipping: [])])
        driver.send(.leased(try Fixtures.record(2)))
        #expect(driver.effects == [])
        #expect(driver.session.shownTask == Fixtures.id(1))
        return driver
    }

    @Test func twoKeysDecideAndTheNextCaseIsThereAtOnce() throws {
        var driver = try driver()
        driver.press("f⏎")
        let decision = try #require(driver.decisions.first)
        #expect(decision.task == Fixtures.id(1))
        #expect(decision.outcome == .refurbish)
        #expect(decision.reason == .reviewAgrees)
        #expect(decision.comment == nil)
        #expect(driver.session.shownTask == Fixtures.id(2))
        #expect(driver.effects.contains(.leaseNext(skipping: [])))
        driver.send(.recorded(Fixtures.id(1)))
        #expect(driver.session.tally.decidedCount == 1)
        #expect(driver.text.contains("recorded: refurbish for A-1; u undoes"))
    }

    private static let choices: [(keys: String, outcome: Outcome, reason: ReasonCode)] = [
        ("fa", .refurbish, .reviewAgrees), ("sm", .resell, .reviewDamageMissed),
        ("xo", .reject, .reviewDamageOverstated), ("tp", .retake, .reviewPhotosInsufficient),
        ("sw", .resell, .reviewWrongItem), ("s2", .resell, .scratchVisible),
        ("s0", .resell, .noDamageVisible), ("sx1", .reject, .crackVisible),
        ("s⎋fa", .refurbish, .reviewAgrees),
    ]

    @Test(arguments: choices.indices) func anOutcomeAndAReason(index: Int) throws {
        var driver = try driver()
        driver.press(Self.choices[index].keys)
        let decision = try #require(driver.decisions.first)
        #expect(decision.outcome == Self.choices[index].outcome)
        #expect(decision.reason == Self.choices[index].reason)
    }

    @Test(arguments: ["sa", "s⏎", "s⎋m", "f⎋a", "?fa", "fz"])
    func theseKeysDecideNothing(keys: String) throws {
        var driver = try driver()
        driver.press(keys)
        #expect(driver.decisions.isEmpty)
        #expect(driver.session.shownTask == Fixtures.id(1))
    }

    @Test func agreeingWithAnotherOutcomeThanProposedIsNotPossible() throws {
        var driver = try driver()
        driver.press("sa")
        #expect(driver.text.contains("you decide otherwise than recommended (refurbish)"))
    }

    @Test func aBlindCaseShowsNoProposalAndNoHeatMap() throws {
        var driver = try Driver(showsPictures: true)
        driver.send(.leased(try Fixtures.record(1, isBlind: true)))
        #expect(!driver.text.contains("REFURBISH"))
        #expect(!driver.text.contains("scratch"))
        #expect(driver.text.contains("nothing: this case is judged"))
        driver.send(.photosLoaded(Fixtures.id(1), indexes: [0]))
        let computes = driver.effects.contains {
            if case .computeHeatMaps = $0 { true } else { false }
        }
        #expect(!computes)
        driver.press("f⏎")
        #expect(driver.decisions.isEmpty)
        driver.press("2")
        #expect(driver.decisions.first?.reason == .scratchVisible)
    }

    @Test func aCommentGoesWithTheDecisionAndHasALimit() throws {
        var driver = try driver()
        driver.press("cseam is open⏎")
        #expect(driver.text.contains("comment: seam is open"))
        driver.press("c")
        driver.send(.pasted(String(repeating: "x", count: 100)))
        #expect(driver.text.contains("a comment has at most 40 bytes"))
        driver.press("⎋sm")
        #expect(driver.decisions.first?.comment == "seam is open")
    }

    @Test func anExceptionFromPolicyNeedsAComment() throws {
        var driver = try driver()
        driver.press("se⏎")
        #expect(driver.decisions.isEmpty)
        driver.press("segoodwill⏎")
        #expect(driver.decisions.first?.reason == .reviewPolicyException)
        #expect(driver.decisions.first?.comment == "goodwill")
    }

    @Test func aDecisionIsTakenBackWhileItsLeaseLasts() throws {
        var driver = try driver()
        driver.press("u")
        #expect(driver.effects.isEmpty)
        driver.press("f⏎")
        driver.send(.recorded(Fixtures.id(1)))
        let lease = try Fixtures.record(1).lease.lease
        driver.press("u")
        #expect(driver.effects == [.undo(Fixtures.id(1), lease)])
        driver.press("u")
        #expect(driver.effects.isEmpty, "one at a time")
        driver.send(.undone(try Fixtures.record(1)))
        #expect(driver.session.shownTask == Fixtures.id(1))
        #expect(driver.session.tally.decidedCount == 0)
        driver.press("sm")
        #expect(driver.session.shownTask == Fixtures.id(2))
    }

    @Test func afterTheLeaseNothingIsTakenBack() throws {
        var driver = try driver()
        driver.press("f⏎")
        driver.send(.recorded(Fixtures.id(1)))
        driver.now = Fixtures.lease
        driver.send(.tick)
        driver.press("u")
        #expect(!driver.effects.contains { if case .undo = $0 { true } else { false } })
    }

    @Test func leasesAreExtendedWhileTheReviewerWorksAndNotWhenIdle() throws {
        var driver = try driver()
        driver.now = .seconds(299)
        driver.send(.tick)
        #expect(driver.effects.isEmpty)
        driver.now = .seconds(301)
        driver.send(.tick)
        let extended = driver.effects.filter { if case .extend = $0 { true } else { false } }
        #expect(extended.count == 2)
        driver.send(
            .extended(Fixtures.id(1), remaining: Fixtures.lease),
            .extended(Fixtures.id(2), remaining: Fixtures.lease))
        driver.now = .seconds(1201)
        driver.send(.tick)
        #expect(!driver.effects.contains { if case .extend = $0 { true } else { false } })
        #expect(driver.text.contains("LEASE LOST"))
    }

    @Test func aLostLeaseIsShownTheDecisionRefusedAndTheCommentKept() throws {
        var driver = try driver()
        driver.press("ckeep me⏎fm")
        #expect(driver.session.shownTask == Fixtures.id(2))
        driver.send(.decisionRefused(Fixtures.id(1), .leaseLost))
        #expect(driver.session.shownTask == Fixtures.id(1))
        #expect(driver.text.contains("LEASE LOST: nothing was recorded"))
        driver.press("fm")
        #expect(driver.decisions.isEmpty)
        driver.press("r")
        #expect(driver.session.shownTask == Fixtures.id(2))
        #expect(!driver.effects.contains { if case .release = $0 { true } else { false } })
        driver.press("f⏎")
        driver.send(.recorded(Fixtures.id(2)), .leased(try Fixtures.record(1)))
        #expect(driver.session.shownTask == Fixtures.id(1))
        driver.press("fm")
        #expect(driver.decisions.first?.comment == "keep me")
    }

    @Test func aDecisionThatFailedComesBackWithItsReason() throws {
        var driver = try driver()
        driver.press("f⏎")
        driver.send(.decisionRefused(Fixtures.id(1), .other("no space left")))
        #expect(driver.session.shownTask == Fixtures.id(1))
        #expect(driver.text.contains("NOT recorded: no space left"))
        driver.press("f⏎")
        #expect(driver.decisions.count == 1)
    }

    @Test func whatIsReleasedIsNotOfferedAgain() throws {
        var driver = try driver()
        let lease = try Fixtures.record(1).lease.lease
        driver.press("r")
        #expect(driver.effects.contains(.release(Fixtures.id(1), lease)))
        #expect(driver.effects.contains(.leaseNext(skipping: [Fixtures.id(1)])))
        #expect(driver.session.shownTask == Fixtures.id(2))
    }

    @Test func anEmptyQueueIsAskedAgainLater() throws {
        var driver = try Driver()
        driver.send(.queueEmpty)
        #expect(driver.text.contains("Nothing waits for a person."))
        driver.now = .seconds(4)
        driver.send(.tick)
        #expect(driver.effects.isEmpty)
        driver.now = .seconds(5)
        driver.send(.tick)
        #expect(driver.effects == [.leaseNext(skipping: [])])
    }

    @Test func quittingWaitsForWhatIsUnderWayAndGivesBackWhatIsHeld() throws {
        var driver = try driver()
        driver.press("f⏎")
        driver.press("q")
        #expect(driver.effects == [.release(Fixtures.id(2), try Fixtures.record(2).lease.lease)])
        driver.send(.released(Fixtures.id(2)), .recorded(Fixtures.id(1)))
        #expect(driver.effects.isEmpty, "a lease is still being asked for")
        let late = try Fixtures.record(3)
        driver.send(.leased(late))
        #expect(driver.effects == [.release(Fixtures.id(3), late.lease.lease)])
        driver.send(.released(Fixtures.id(3)))
        #expect(driver.effects == [.end])
    }

    @Test func aHangUpGivesBackWhatIsHeld() throws {
        var driver = try driver()
        driver.send(.interrupted)
        #expect(driver.effects.count == 2)
        driver.send(.released(Fixtures.id(1)), .released(Fixtures.id(2)))
        #expect(driver.effects == [.end])
    }

    @Test func picturesOfBothCasesAreMadeReadyAheadWithTheirHeatMaps() throws {
        var driver = try Driver(showsPictures: true)
        let first = try Fixtures.record(1)
        driver.send(.leased(first))
        #expect(driver.effects.contains(.loadPhotos(first.task)))
        driver.send(.photosLoaded(Fixtures.id(1), indexes: [0, 2]))
        #expect(driver.effects.contains(.computeHeatMaps(first.task)))
        #expect(driver.prepared == [[0, 0], [2, 0]])
        driver.send(.heatMapsReady(Fixtures.id(1)))
        #expect(driver.prepared == [[0, 1], [2, 1]])
        driver.send(.leased(try Fixtures.record(2)))
        driver.send(.photosLoaded(Fixtures.id(2), indexes: [0]))
        #expect(driver.prepared == [[0, 0]])
        driver.press("n")
        #expect(driver.text.contains("photo 2/2"))
        driver.send(.resized(CellSize(columns: 120, rows: 40)))
        #expect(driver.prepared.count == 5, "all anew for the new size")
    }

    @Test func aCaseWithoutAHeatMapSaysWhy() throws {
        var driver = try Driver(showsPictures: true)
        driver.send(
            .leased(try Fixtures.record(1)), .photosLoaded(Fixtures.id(1), indexes: [0]),
            .heatMapsMissing(Fixtures.id(1), "another model judged the case"))
        driver.press("h")
        #expect(driver.text.contains("no heat map: another model judged the case"))
    }
}

extension Driver {
    /// The pictures wanted by the last event: photo index, and 1 for with heat map.
    fileprivate var prepared: [[Int]] {
        effects.compactMap {
            if case .prepare(let key) = $0 { [key.photo, key.hasHeatMap ? 1 : 0] } else { nil }
        }
    }
}
