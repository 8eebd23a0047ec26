import ReturnsDomain

/// Draws whether an item falls into the share of cases that automation may decide.
enum PilotDraw {
    /// A number in 0..<1 that depends on the photos alone.
    ///
    /// The same photos always draw the same number, so that sending them again, or resuming a
    /// batch, is no second draw; and nobody can choose it without changing the photos.
    static func draw(photos: [ContentHash]) -> Double {
        Digest.draw("regrade-pilot-v1 " + photos.map(\.description).joined(separator: " "))
    }
}
