import ReferenceComparison
import ReturnsDomain
import TestSupport
import Testing

/// Banks whose checksum is right and whose numbers need not be: a checksum is no proof of anything.
struct StatedBankTests {
    @Test func theDescribedBytesAreABank() throws {
        let stated = StatedBank()
        let bank = try ReferenceBank(decoding: stated.bytes)
        #expect(bank.encoded() == stated.bytes)
        #expect(bank.referenceCount == 2 && bank.ownScores == [0.5, 0.25])
        #expect(bank.layout.rowCount == 3 && bank.layout.columnCount == 2)
    }

    /// A number at its bound, and beyond it.
    struct Bound: CustomTestStringConvertible {
        let testDescription: String
        let allowed: @Sendable (inout StatedBank) -> Void
        let beyond: @Sendable (inout StatedBank) -> Void

        init(
            _ name: String, _ allowed: @escaping @Sendable (inout StatedBank) -> Void,
            beyond: @escaping @Sendable (inout StatedBank) -> Void
        ) {
            testDescription = name
            self.allowed = allowed
            self.beyond = beyond
        }
    }

    static let bounds = [
        Bound("magic", { $0.magic = "RGRB" }, beyond: { $0.magic = "RGRC" }),
        Bound("version", { $0.version = 1 }, beyond: { $0.version = 2 }),
        Bound("recipe", { $0.recipe = 1 }, beyond: { $0.recipe = 0 }),
        Bound("model", { $0.model = digits("f") }, beyond: { $0.model = digits("F") }),
        Bound("rows", { $0.rowCount = 64 }, beyond: { $0.rowCount = 65 }),
        Bound("columns", { $0.columnCount = 64 }, beyond: { $0.columnCount = 65 }),
        Bound("numbers", { $0.dimension = 1_024 }, beyond: { $0.dimension = 1_025 }),
        Bound("least numbers", { $0.dimension = 1 }, beyond: { $0.dimension = 0 }),
        Bound(
            "embedding", { $0.embeddingDimension = 4_096 },
            beyond: { $0.embeddingDimension = 4_097 }),
        Bound("focus", { $0.focus = 1 }, beyond: { $0.focus = 2 }),
        Bound("photos", { $0.take(photos: 200) }, beyond: { $0.take(photos: 201) }),
        Bound("least photos", { $0.take(photos: 1) }, beyond: { $0.take(photos: 0) }),
        Bound("patches", { $0.take(patches: 2_048) }, beyond: { $0.take(patches: 2_049) }),
        Bound("least patches", { $0.take(patches: 1) }, beyond: { $0.take(patches: 0) }),
        Bound("score", { $0.scores[1] = 2 }, beyond: { $0.scores[1] = 2.01 }),
        Bound("least score", { $0.scores[1] = 0 }, beyond: { $0.scores[1] = -0.01 }),
        Bound("no number", { $0.scores[0] = 0 }, beyond: { $0.scores[0] = .nan }),
        Bound(
            "similarity", { $0.similarities[0] = -1 }, beyond: { $0.similarities[0] = -1.01 }),
        Bound("a patch's photo", { $0.sources = [0, 1] }, beyond: { $0.sources = [0, 2] }),
        Bound("order", { $0.sources = [0, 1] }, beyond: { $0.sources = [1, 0] }),
        Bound("end", { $0.rest = [] }, beyond: { $0.rest = [0] }),
    ]

    @Test(arguments: bounds)
    func eachNumberHasItsBounds(_ bound: Bound) throws {
        var bank = StatedBank()
        bound.allowed(&bank)
        _ = try ReferenceBank(decoding: bank.bytes)
        bank = StatedBank()
        bound.beyond(&bank)
        #expect(throws: ReferenceComparisonError.self) {
            _ = try ReferenceBank(decoding: bank.bytes)
        }
    }

    private static func digits(_ digit: Character) -> String { String(repeating: digit, count: 64) }

    @Test func everyShorterBankIsRefused() {
        let bytes = StatedBank().unsealed
        for count in bytes.indices {
            #expect(throws: ReferenceComparisonError.self, "\(count) bytes") {
                _ = try ReferenceBank(decoding: StatedBank.sealed(Array(bytes.prefix(count))))
            }
        }
    }

    /// Mutants whose checksum is right, so that they come past it; what is taken for a bank is
    /// written as it was read, and can be compared with.
    @Test func banksAreAnsweredWithoutACrash() async throws {
        let written = try [1, 3].map { count in
            try ReferenceBank(of: (0..<count).map { try Fixture.photo(seed: UInt64($0)) }).encoded()
        }
        let fuzzing = ParserFuzzing(
            "reference-bank", seeds: [StatedBank().unsealed] + written.map { $0.dropLast(4) },
            words: ["RGRB", "\0\0", "\u{1}\0", "\0\0\0\0\0\0\u{F8}\u{7F}", "07"], fastCount: 1_000)
        try await fuzzing.run { mutant in
            let bytes = StatedBank.sealed(mutant)
            let bank = try ReferenceBank(decoding: bytes)
            #expect(bank.encoded() == bytes)
            let comparison = try bank.compare(Fixture.photo(seed: 5, layout: bank.layout))
            #expect((0...1).contains(comparison.pValue) && comparison.score.isFinite)
        }
    }
}
