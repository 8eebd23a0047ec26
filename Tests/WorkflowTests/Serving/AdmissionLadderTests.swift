import Testing
import Workflow

/// What becomes of an item, by what there is before it.
struct AdmissionLadderTests {
    private let ladder = AdmissionLadder(depthLimit: 128, workerCount: 2)

    @Test(arguments: [
        (0, AdmissionLadder.Step.full), (3, .full), (4, .withoutHeatMap), (7, .withoutHeatMap),
        (8, .later), (127, .later), (128, .refused), (1000, .refused),
    ])
    func eachStepBeginsAtItsDepth(depth: Int, step: AdmissionLadder.Step) {
        #expect(ladder.step(depth: depth, prefersLater: false) == step)
    }

    @Test
    func nobodyWaitsForMoreThanFourItemsAWorkerWhateverTheQueueHolds() {
        for depthLimit in [16, 128, 10_000] {
            for workerCount in 1...64 {
                let ladder = AdmissionLadder(depthLimit: depthLimit, workerCount: workerCount)
                let waited = (0..<depthLimit).filter { depth in
                    [.full, .withoutHeatMap].contains(
                        ladder.step(depth: depth, prefersLater: false))
                }
                #expect(waited.count == min(depthLimit, 4 * workerCount))
            }
        }
    }

    @Test
    func whoAsksForLaterGetsItUntilTheQueueIsFull() {
        #expect(ladder.step(depth: 0, prefersLater: true) == .later)
        #expect(ladder.step(depth: 128, prefersLater: true) == .refused)
    }

    @Test
    func aShortQueueRefusesBeforeItPutsOff() {
        let short = AdmissionLadder(depthLimit: 1, workerCount: 2)
        #expect(short.step(depth: 0, prefersLater: false) == .full)
        #expect(short.step(depth: 1, prefersLater: false) == .refused)
    }
}
