import Crypto
import DecisionPolicy
import Foundation
import ReturnsDomain

extension ReviewDraws {
    /// The draws of one inspection.
    ///
    /// They depend on the policy's seed, the photos and the order's number alone, so that whoever
    /// knows the seed can draw again, and a resumed batch opens the same tasks.
    init(seed: String, photos: [ContentHash], orderID: String?) {
        let item = photos.map(\.description) + [orderID ?? ""]
        func draw(_ purpose: String) -> Double {
            let words = ["regrade-review-v1", purpose, seed] + item
            let digest = SHA256.hash(data: Data(words.joined(separator: "\n").utf8))
            let bits = digest.prefix(7).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 3
            return Double(bits) / Double(1 << 53)
        }
        self.init(auditSample: draw("audit-sample"), gold: draw("gold"))
    }
}
