/// Kinds of metadata that ``MetadataStripping`` cuts: names only, never what they said.
public enum RemovedMetadata: String, CaseIterable, Hashable, Sendable {
    /// An EXIF block: camera, time, settings.
    case exif
    /// A position in the EXIF block.
    case gps
    /// The camera maker's own data in the EXIF block.
    case makerNote = "maker_note"
    /// A small picture in the EXIF block or a JFIF segment.
    case thumbnail
    /// Adobe's XML metadata.
    case xmp
    /// Photoshop resources, which hold IPTC captions.
    case iptc
    /// A JPEG comment.
    case comment
    /// PNG text of any kind.
    case text
    /// A PNG's time of last change.
    case time
    /// The further frames of an animated PNG.
    case animation
    /// Other application segments of a JPEG, such as the index of further pictures.
    case applicationData = "application_data"
    /// Other ancillary chunks of a PNG.
    case ancillaryChunk = "ancillary_chunk"
    /// Bytes after the end of the picture: further pictures, videos, archives.
    case trailingData = "trailing_data"
    /// Bytes between the parts of a damaged file.
    case strayData = "stray_data"
}
