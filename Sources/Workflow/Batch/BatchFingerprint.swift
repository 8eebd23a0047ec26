import Foundation
import ReturnsDomain

/// Tells whether the files of an item are those that a recorded result was computed from.
enum BatchFingerprint {
    /// Sizes in bytes and modification times in nanoseconds, in the photos' order.
    ///
    /// A photo that is not there counts as `absent`, so that it is tried again when it appears.
    /// Views and order data belong to it, because they take part in the decision.
    static func fingerprint(of submission: ItemSubmission) -> String {
        var parts = submission.photos.map { photo in
            var status = stat()
            guard unsafe stat(photo.path, &status) == 0 else {
                return "absent:\(photo.view.rawValue)"
            }
            let time = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
            return "\(status.st_size)@\(time):\(photo.view.rawValue)"
        }
        let order = submission.order
        let stated = [
            order.orderID, order.sku, order.category, order.region,
            order.value.map { "\($0.minorUnits) \($0.currency)" }, order.reasonClaimed?.rawValue,
            order.statement, order.customerRef, order.consent,
        ]
        // Only if stated, so that batches of builds that knew no carrier go on.
        let carrier = order.carrier.map { [$0] } ?? []
        // Only the hash of personal data is kept here; see Digest.
        let texts = stated.map { $0 ?? "-" } + carrier
        parts.append(Digest.sha256(text: texts.joined(separator: "\u{1F}")))
        return parts.joined(separator: ",")
    }
}
