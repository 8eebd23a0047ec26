import Crypto
import Foundation
import ReturnsDomain

/// SHA-256 over what a request asks for: the same request always has the same.
struct RequestFingerprint {
    private var hasher = SHA256()

    /// Begins with what kind of request it is and what it is about.
    init(_ kind: String, of inspection: InspectionID) {
        hasher.update(data: Data("regrade-\(kind)-v1\n\(inspection)\n".utf8))
    }

    /// Adds a member as a line `name=LENGTH:text`, so that no two requests give the same lines.
    func adding(_ name: String, _ text: String?) -> RequestFingerprint {
        guard let text else { return self }
        var copy = self
        copy.hasher.update(data: Data("\(name)=\(text.utf8.count):\(text)\n".utf8))
        return copy
    }

    /// The hash.
    var hash: ContentHash { ContentHash(digest: hasher.finalize()) }
}
