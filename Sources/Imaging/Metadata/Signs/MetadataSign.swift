/// What a photo's metadata say of its having been edited: codes, never the values.
///
/// A sign is a reason for a person to look, never a reason to refuse: metadata are easily
/// lost, and easily written.
public enum MetadataSign: String, CaseIterable, Hashable, Sendable {
    /// A picture editor is named as a program that wrote or changed the file.
    case editingSoftware = "editing_software"
    /// The file says that it was made, or changed, by a generative model.
    case generatedContent = "generated_content"
    /// Times cannot all be right: changed or digitised before it was taken, or taken before the
    /// satellites' time of its place.
    case timesContradict = "times_contradict"

    /// The signs in a photo's metadata.
    ///
    /// Reads EXIF, uncompressed XMP and PNG text, each within limits; what cannot be read says
    /// nothing.
    ///
    /// - Parameter bytes: A photo as received; of anything but a JPEG or PNG the result is empty.
    /// - Returns: In the order of the cases.
    /// - Complexity: O(bytes before the first scan of a JPEG, bytes of a PNG).
    public static func signs(in bytes: [UInt8]) -> [MetadataSign] {
        switch FormatSignature(of: bytes) {
        case .accepted(.jpeg): EditingFacts(jpeg: bytes).signs
        case .accepted(.png): EditingFacts(png: bytes).signs
        case .unsupported, .unknown: []
        }
    }
}
