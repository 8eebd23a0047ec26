/// An ICC profile that a photo carried, and what became of it.
public struct ColorProfile: Hashable, Sendable, Codable {
    /// What was done about the profile.
    public enum Treatment: String, CaseIterable, Hashable, Sendable, Codable {
        /// It describes sRGB: nothing to do.
        case matchesSRGB = "matches_srgb"
        /// The pixels were converted to sRGB.
        case converted
        /// The pixels are taken as sRGB: the profile is for grey or inks, is built on tables, or
        /// cannot be read.
        case ignored
    }

    /// The profile's own name, such as `Display P3`.
    ///
    /// At most 64 printable characters, empty where it cannot be read. It comes from the file, so
    /// do not trust it.
    public let name: String

    /// What was done.
    public let treatment: Treatment
}
