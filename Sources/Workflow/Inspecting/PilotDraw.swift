import Crypto
import Foundation
import ReturnsDomain

/// Draws whether an item falls into the share of cases that automation may decide.
enum PilotDraw {
    /// A number in 0..<1 that depends on the photos alone.
    ///
    /// The same photos always draw the same number, so that sending them again, or resuming a
    /// batch, is no second draw; and nobody can choose it without changing the photos.
    static func draw(photos: [ContentHash]) -> Double {
        let text = "regrade-pilot-v1 " + photos.map(\.description).joined(separator: " ")
        let digest = SHA256.hash(data: Data(text.utf8))
        let bits = digest.prefix(7).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 3
        return Double(bits) / Double(1 << 53)
    }
}
