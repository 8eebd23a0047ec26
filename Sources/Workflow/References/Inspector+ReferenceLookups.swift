import Inspection
import ReferenceComparison
package import ReturnsDomain

/// What measuring look-ups of references needs; items are looked up by `inspect`.
extension Inspector {
    /// What makes the features that banks are of; nil if the model cannot compare photos.
    package var referenceFeatureVersion: String? {
        model.featureLayout.map { "\($0.model) \($0.recipe)" }
    }

    /// How many banks are held in memory now.
    package var heldReferenceBankCount: Int { banks.count }

    /// Looks up what an item would be compared with, as inspecting it does.
    ///
    /// - Returns: How many banks of its product and of those next to it there are.
    package func referenceBankCount(
        for order: OrderData, in casebook: Casebook
    ) async throws -> Int {
        let found = try await library(of: casebook.store)?.references(for: order)
        return found.map { $0.banks.count + $0.others.reduce(0) { $0 + $1.count } } ?? 0
    }
}
