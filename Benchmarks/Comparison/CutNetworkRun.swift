import Foundation
import NeuralNetwork
import ReferenceComparison
import ReturnsDomain

/// Times the comparison without classification: a network that ends with the image that photos are
/// compared by, its features, and the search in a bank.
///
/// A line on standard input asks for a round, so that the rounds of another program may alternate.
struct CutNetworkRun {
    private struct Round: Encodable {
        let network: Double
        let features: Double
        let comparison: Double
        let total: Double
    }

    private static let referenceCount = 20
    private let session: NetworkSession
    private let image: String
    private let recipe: FeatureRecipe
    private let clock = ContinuousClock()

    /// - Parameter path: A network of one input and one output, the image.
    init(network path: String) throws {
        let network = try NetworkModel(contentsOf: URL(fileURLWithPath: path))
        let program = try NetworkProgram(network, batch: 1, taps: network.outputNames)
        session = NetworkSession(program)
        guard let input = program.inputs.first, let image = program.taps.first else {
            throw PhotoReader.Problem(description: "\(path) has no input or no output")
        }
        self.image = image.name
        // Of this network no bank is kept, so that nothing tells it from others.
        recipe = FeatureRecipe(
            model: ContentHash(digest: [UInt8](repeating: 0, count: 32)),
            channelCounts: [image.shape[3]], rowCount: image.shape[1], columnCount: image.shape[2],
            embeddingDimension: 1)
        try session.withInput(named: input.name) { span in
            var noise = Noise(seed: 0)
            for index in 0..<span.count { span[index] = 2 * noise.next() }
        }
    }

    /// Prints what each round took, in milliseconds.
    func run() throws {
        try session.run()
        let photo = try features()
        let bank = try ReferenceBank(
            of: (0..<Self.referenceCount).map { try photo.withNoise(seed: UInt64($0)) })
        while readLine() != nil {
            let start = clock.now
            try session.run()
            let ran = clock.now
            let photo = try features()
            let described = clock.now
            _ = try bank.compare(photo)
            let end = clock.now
            try writeLine(
                Round(
                    network: (ran - start) / .milliseconds(1),
                    features: (described - ran) / .milliseconds(1),
                    comparison: (end - described) / .milliseconds(1),
                    total: (end - start) / .milliseconds(1)))
        }
    }

    private func features() throws -> PatchFeatures {
        try recipe.features(of: [session.tap(named: image)], embedding: [1])
    }
}
