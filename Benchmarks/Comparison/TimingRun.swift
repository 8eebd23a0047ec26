import Foundation
import Inspection
import ReferenceComparison
import ReturnsDomain

/// Times what comparison adds to the classification of a photo.
struct TimingRun {
    private struct Figures: Encodable {
        let network: Double
        let features: Double
        let comparison: Double
        let ratio: Double
        let references: Int
        let bankBytes: Int
        let making: Double
        let coldLoad: Double
    }

    private static let referenceCount = 50
    private static let roundCount = 60
    private let reader: PhotoReader
    private let clock = ContinuousClock()

    init(_ reader: PhotoReader) { self.reader = reader }

    /// Prints medians in milliseconds; the references are the photo with noise in its features, so
    /// that every patch is another and the bank is full.
    func run(photo path: String) throws {
        let photo = try reader.features(of: path)
        let references = try (0..<Self.referenceCount).map { try photo.withNoise(seed: UInt64($0)) }
        var made: ReferenceBank?
        let making = try clock.measure { made = try ReferenceBank(of: references) }
        guard let bank = made else { return }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "bank-\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bank.encoded()).write(to: file)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var networks: [Double] = []
        var features: [Double] = []
        var comparisons: [Double] = []
        var loads: [Double] = []
        for _ in 0..<Self.roundCount {
            networks.append(
                try reader.inspector.assess(bytes, index: 0, view: .front).1.network)
            features.append(try milliseconds { _ = try reader.inspector.features() })
            comparisons.append(try milliseconds { _ = try bank.compare(photo) })
            loads.append(
                try milliseconds {
                    _ = try ReferenceBank(decoding: [UInt8](Data(contentsOf: file)))
                })
        }
        let network = median(networks)
        let feature = median(features)
        let comparison = median(comparisons)
        try writeLine(
            Figures(
                network: network, features: feature, comparison: comparison,
                ratio: (network + feature + comparison) / network,
                references: bank.referenceCount, bankBytes: bank.encoded().count,
                making: making / .milliseconds(1), coldLoad: median(loads)))
    }

    private func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        try clock.measure(body) / .milliseconds(1)
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
