/// Cuts what a photo says about people, places and devices, and leaves its pixels as they are.
///
/// It works on marker segments and chunks, without decoding: what the pixels need stays, with the
/// ICC profile and an EXIF block that says nothing but the orientation. The result decodes to the
/// same pixels as the original. Of a damaged JPEG the stray bytes between its parts are cut too,
/// and there a decoder may find its way back at another place.
public enum MetadataStripping {
    /// A photo without metadata.
    public struct Result: Hashable, Sendable {
        /// The bytes to keep.
        public let bytes: [UInt8]
        /// What was cut, in the order of ``RemovedMetadata``'s cases.
        public let removed: [RemovedMetadata]

        init(bytes: [UInt8], removed: Set<RemovedMetadata>) {
            self.bytes = bytes
            self.removed = RemovedMetadata.allCases.filter(removed.contains)
        }
    }

    /// The photo without its metadata.
    ///
    /// - Parameter bytes: A photo that ``PhotoDecoder`` decodes; of another, what cannot be told
    ///   apart is dropped.
    /// - Throws: ``ImageDecodingError`` if the bytes are neither JPEG nor PNG.
    /// - Complexity: O(bytes).
    public static func stripped(_ bytes: [UInt8]) throws(ImageDecodingError) -> Result {
        switch FormatSignature(of: bytes) {
        case .accepted(.jpeg):
            var stripping = JPEGStripping(bytes)
            return stripping.run()
        case .accepted(.png):
            var stripping = PNGStripping(bytes)
            return stripping.run()
        case .unsupported(let name): throw .unsupportedFormat(name: name)
        case .unknown: throw bytes.isEmpty ? .empty : .unrecognizedFormat
        }
    }
}

extension ExifBlock {
    /// The kinds of metadata in the block.
    var contents: Set<RemovedMetadata> {
        var contents: Set<RemovedMetadata> = [.exif]
        if hasGPS { contents.insert(.gps) }
        if hasMakerNote { contents.insert(.makerNote) }
        if hasThumbnail { contents.insert(.thumbnail) }
        return contents
    }
}
