import DecisionPolicy
import ReturnsDomain
import Statistics
import Testing

/// Properties that hold for every assessment, tried on seeded random ones.
struct DecisionPropertyTests {
    @Test(arguments: 0..<2_000)
    func randomItemsKeepThePromises(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var world = World.random(&random)
        let decision = try world.decision()
        let gates = try world.gates()

        #expect(!decision.reasons.isEmpty)
        #expect(decision.predictionSet.contains(decision.recommended))
        #expect((0...1).contains(decision.confidence))
        #expect(decision.reasons.allSatisfy { (0...1).contains($0.weight) })
        if decision.outcome.isFinal {
            #expect(gates.isEmpty)
            #expect(decision.outcome == decision.recommended)
            #expect(decision.predictionSet == [decision.recommended])
            #expect(decision.confidence >= 0.9)
        } else {
            #expect(!gates.isEmpty)
        }
        if decision.outcome == .reject { #expect(["US", "JP"].contains(world.order.region)) }

        #expect(try world.decision() == decision)
        world.photos.shuffle(using: &random)
        world.damage.shuffle(using: &random)
        #expect(try world.decision() == decision)
    }

    @Test func randomItemsReachEveryOutcome() throws {
        var random = SeededGenerator(seed: 99)
        let outcomes = try Set(
            (0..<20_000).map { _ in try World.random(&random).decision().outcome })
        #expect(outcomes == Set(Outcome.allCases))
    }
}

extension World {
    /// A world of which any part may be odd, mostly a few at a time.
    fileprivate static func random(_ random: inout SeededGenerator) -> World {
        func rarely() -> Bool { random.unit() < 0.1 }
        var world = World()
        let peak = Severity.allCases[Int(random.next() % 4)]
        let weights = Severity.allCases.map {
            ($0 == peak ? 1 : random.unit() * (rarely() ? 1 : 0.02))
        }
        let sum = weights.reduce(0, +)
        let severe = weights[3] / sum
        let moderate = weights[2] / sum
        let minor = weights[1] / sum
        world.severity = SeverityProbabilities(
            none: max(0, 1 - minor - moderate - severe), minor: minor, moderate: moderate,
            severe: severe)
        world.damage = DamageType.allCases.filter { _ in rarely() }.map {
            DamageFinding(type: $0, probability: random.unit(), photo: 0, areaRatio: 0.1)
        }
        world.novelty = rarely() ? random.unit() : 0.3
        world.photosDisagree = rarely()
        world.photos = (0..<Int(1 + random.next() % 4)).map { index in
            World.photo(
                index: index, issues: rarely() ? [.photoBlurred] : [],
                isDamagedFile: rarely(),
                phoneProbability: rarely() ? 0.001 + 0.998 * random.unit() : nil)
        }
        if rarely() {
            world.undecodable = [UndecodablePhoto(index: 9, sha256: World.hash, code: "x")]
        }
        world.order.category = rarely() ? ["box", "odd", nil][Int(random.next() % 3)] : "phone"
        world.order.region = ["US", "JP", "DE", "GB", "ZZ", nil][Int(random.next() % 6)]
        if rarely() { world.order.value = nil }
        if rarely() {
            world.order.reasonClaimed = ClaimedReason.allCases.randomElement(using: &random)
        }
        world.pilotDraw = random.unit()
        if rarely() {
            world.switches = [
                AutomationSwitch(
                    category: nil, region: nil, share: random.unit(),
                    changedAt: Timestamp(millisecondsSince1970: 0))
            ]
        }
        return world
    }
}
