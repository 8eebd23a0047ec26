internal import CKernels

extension RGBImage {
    /// The picture at another size, by an antialiased triangle filter.
    ///
    /// The result agrees with Pillow's `Image.resize(size, Image.BILINEAR)`: rows are resized
    /// first, the 8-bit result then down the columns.
    ///
    /// - Parameter size: Both sides at least 1. The aspect ratio is the caller's affair.
    /// - Complexity: O(source pixels + target pixels), with one buffer of
    ///   `size.width * height * 3` bytes.
    public func resized(to size: PixelSize) -> RGBImage {
        precondition(size.width > 0 && size.height > 0, "cannot resize to \(size)")
        if size == self.size { return self }
        let rows = size.width == width ? pixels : resizedRows(width: size.width)
        let result =
            size.height == height
            ? rows : Self.resizedColumns(rows, rowCount: height, size: size)
        return RGBImage(width: size.width, height: size.height, pixels: result)
    }

    /// Every row at another width.
    private func resizedRows(width targetWidth: Int) -> [UInt8] {
        let table = ResizeWeights(sourceCount: width, targetCount: targetWidth)
        let count = targetWidth * height * 3
        return unsafe table.withKernelArgument { table in
            unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initializedCount in
                // starts + counts end within a source row, and rows and pixels within the picture.
                if let base = target.baseAddress {
                    unsafe regrade_resize_rows_u8(pixels, height, width, table, base)
                }
                initializedCount = count
            }
        }
    }

    /// Rows of `size.width` pixels, `rowCount` of them, at another count.
    private static func resizedColumns(
        _ rows: [UInt8], rowCount: Int, size: PixelSize
    ) -> [UInt8] {
        let table = ResizeWeights(sourceCount: rowCount, targetCount: size.height)
        let stride = size.width * 3
        let count = stride * size.height
        return unsafe table.withKernelArgument { table in
            unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initializedCount in
                // starts + counts end within the source rows.
                if let base = target.baseAddress {
                    unsafe regrade_resize_columns_u8(rows, stride, table, base)
                }
                initializedCount = count
            }
        }
    }
}
