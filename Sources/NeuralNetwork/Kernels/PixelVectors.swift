internal import CKernels

/// An image with channels last: for each pixel a vector, row by row.
public struct PixelVectors: Hashable, Sendable {
    /// Rows of pixels, at least 1; those of all images of a batch.
    public let rowCount: Int
    /// Pixels of a row, at least 1.
    public let columnCount: Int
    /// Elements of a pixel, at least 1.
    public let channelCount: Int
    /// `rowCount * columnCount * channelCount` elements.
    public let elements: [Float]

    /// Creates an image.
    ///
    /// - Precondition: The sizes are at least 1 and fit the elements.
    public init(rowCount: Int, columnCount: Int, channelCount: Int, elements: [Float]) {
        precondition(
            rowCount > 0 && columnCount > 0 && channelCount > 0
                && elements.count == rowCount * columnCount * channelCount,
            "\(rowCount) x \(columnCount) x \(channelCount) pixels of \(elements.count) elements")
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.channelCount = channelCount
        self.elements = elements
    }

    /// Each pixel as the mean of itself and its neighbours, up to 3 x 3.
    public func locallyAveraged() -> PixelVectors {
        var means = [Float](repeating: 0, count: elements.count)
        // Both arrays hold as many elements as the sizes say, by the precondition of `init`.
        unsafe regrade_local_mean_pixels_f32(
            elements, rowCount, columnCount, channelCount, &means)
        return PixelVectors(
            rowCount: rowCount, columnCount: columnCount, channelCount: channelCount,
            elements: means)
    }

    /// Joins the vectors of several images at the same places, each scaled to length 1 before.
    ///
    /// - Parameters:
    ///   - images: Of one picture at several scales, at least one.
    ///   - rowCount: Of the grid of places; images with another grid are interpolated.
    ///   - columnCount: Likewise.
    public static func joined(
        _ images: [PixelVectors], rowCount: Int, columnCount: Int
    ) -> PixelVectors {
        let channelCount = images.reduce(0) { $0 + $1.channelCount }
        let count = rowCount * columnCount
        var elements = [Float](repeating: 0, count: count * channelCount)
        unsafe elements.withUnsafeMutableBufferPointer { elements in
            guard let base = elements.baseAddress else { return }
            var offset = 0
            for image in images {
                // Vector `i` of the image ends at i * channelCount + offset + its channels, which
                // is at most (i + 1) * channelCount.
                unsafe regrade_resample_pixels_f32(
                    image.elements, image.rowCount, image.columnCount, image.channelCount,
                    base + offset, rowCount, columnCount, channelCount)
                unsafe regrade_scale_to_unit_f32(
                    base + offset, count, image.channelCount, channelCount)
                offset += image.channelCount
            }
        }
        return PixelVectors(
            rowCount: rowCount, columnCount: columnCount, channelCount: channelCount,
            elements: elements)
    }
}
