package import DecisionPolicy
package import ReturnsDomain

extension ReviewDraws {
    /// The draws of one inspection.
    ///
    /// They depend on the policy's seed, the photos and the order's number alone, so that whoever
    /// knows the seed can draw again, and a resumed batch opens the same tasks.
    package init(seed: String, photos: [ContentHash], orderID: String?) {
        let item = photos.map(\.description) + [orderID ?? ""]
        func draw(_ purpose: String) -> Double {
            let words = ["regrade-review-v1", purpose, seed] + item
            return Digest.draw(words.joined(separator: "\n"))
        }
        self.init(auditSample: draw("audit-sample"), gold: draw("gold"))
    }
}
