import NeuralNetwork
import ReferenceComparison
import ReturnsDomain

/// Which inner images of a network photos are compared by: the metadata property
/// `regrade.comparison`, or the network's own shape.
///
/// ```json
/// {"images":["/blocks.5/Add","/blocks.11/Clip"],"grid":[14,14]}
/// ```
struct ComparisonImages: Codable, Hashable, Sendable {
    /// Names of values in the model file, each an image; at least one.
    let images: [String]
    /// Rows and columns of the grid of patches.
    let grid: [Int]

    /// More would cost more than they tell.
    static let imageCountLimit = 4

    /// Everything that this build cannot follow; empty if it can.
    func problems() -> [String] {
        var problems: [String] = []
        if !(1...Self.imageCountLimit).contains(images.count) {
            problems.append(
                "has \(images.count) images, expected 1 to \(Self.imageCountLimit)")
        }
        if grid.count != 2 || !grid.allSatisfy({ (1...FeatureLayout.sideLimit).contains($0) }) {
            problems.append(
                "has the grid \(grid), expected rows and columns of 1 to "
                    + "\(FeatureLayout.sideLimit)")
        }
        return problems
    }

    /// The last image at a sixteenth of the input's sides that a block hands to the next, which is
    /// as deep as a network looks before places blur into one another; nil if there is none.
    ///
    /// Blocks widen what they are handed, so it is the last of at most half the last one's
    /// channels; where blocks widen nothing, the last of all.
    static func chosen(
        from images: [NetworkProgram.Value], _ preprocessing: Preprocessing
    ) -> ComparisonImages? {
        let grid = [preprocessing.height / 16, preprocessing.width / 16]
        // Images are batch x channels x rows x columns.
        let candidates = images.filter { Array($0.shape.suffix(2)) == grid }
        guard let last = candidates.last else { return nil }
        let image = candidates.last { 2 * $0.shape[1] <= last.shape[1] } ?? last
        return ComparisonImages(images: [image.name], grid: grid)
    }
}
