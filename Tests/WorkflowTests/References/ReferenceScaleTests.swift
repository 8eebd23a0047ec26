import Foundation
import TestSupport
import Testing
import Workflow

/// A small form of what `scripts/measure-references` measures, and that measurement itself.
struct ReferenceScaleTests {
    private static let place = ProcessInfo.processInfo.environment["REGRADE_REFERENCE_PLACE"]
    private static let counts = ProcessInfo.processInfo.environment["REGRADE_REFERENCE_COUNTS"]?
        .split(separator: " ").compactMap { Int($0) }

    @Test func moreProductsThanAreHeldAreFoundAndFewAreHeld() async throws {
        let folder = try TemporaryFolder()
        let scale = try await ReferenceScale(directory: folder.file("data"))
        try await scale.fill(small: 200, large: 4)
        _ = try await scale.lookUp(0..<204, count: 150)
        #expect(scale.inspector.heldReferenceBankCount == scale.countLimit)
    }

    @Test(.enabled(if: place != nil && counts != nil, "scripts/measure-references runs it"))
    func aRecordIsFilled() async throws {
        let counts = try #require(Self.counts)
        let place = URL(fileURLWithPath: try #require(Self.place))
        try await ReferenceScale(directory: place).fill(small: counts[0], large: counts[1])
    }

    @Test(.enabled(if: place != nil && counts != nil, "scripts/measure-references runs it"))
    func lookUpsAreMeasured() async throws {
        let counts = try #require(Self.counts)
        let scale = try await ReferenceScale(
            directory: URL(fileURLWithPath: try #require(Self.place)))
        let before = try ProcessFigures.own.resetPeak()
        let first = try await scale.lookUp(0..<counts[0], count: 1)
        let small = try await scale.lookUp(0..<counts[0], count: 2_000)
        let large = try await scale.lookUp(counts[0]..<counts[0] + counts[1], count: 300)
        let after = try ProcessFigures.own.peakByteCount()
        print("references: first \(text(first[0])) ms")
        for (name, durations) in [("small", small), ("large", large)] {
            let sorted = durations.sorted()
            print(
                "references: \(name) banks, \(sorted.count) look-ups, median "
                    + "\(text(sorted[sorted.count / 2])) ms, p99 "
                    + "\(text(sorted[sorted.count * 99 / 100])) ms")
        }
        print(
            "references: \(scale.inspector.heldReferenceBankCount) banks held, resident memory "
                + "\(before >> 20) MiB before, at most \(after >> 20) MiB")
    }

    private func text(_ value: Double) -> String { String(format: "%.1f", value) }
}
