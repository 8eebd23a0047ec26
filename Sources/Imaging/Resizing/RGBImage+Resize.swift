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
        let half: Int32 = 1 << (ResizeWeights.fractionBitCount - 1)
        var result = [UInt8](repeating: 0, count: targetWidth * height * 3)
        // Indices stay in bounds because starts + counts end within a source row.
        unsafe pixels.withUnsafeBufferPointer { source in
            unsafe result.withUnsafeMutableBufferPointer { target in
                unsafe table.weights.withUnsafeBufferPointer { weights in
                    for row in 0..<height {
                        for column in 0..<targetWidth {
                            var from = (row * width + table.starts[column]) * 3
                            var red = half
                            var green = half
                            var blue = half
                            let first = column * table.tapLimit
                            for tap in first..<first + table.counts[column] {
                                let weight = unsafe weights[tap]
                                unsafe red &+= Int32(source[from]) &* weight
                                unsafe green &+= Int32(source[from + 1]) &* weight
                                unsafe blue &+= Int32(source[from + 2]) &* weight
                                from += 3
                            }
                            let to = (row * targetWidth + column) * 3
                            unsafe target[to] = Self.sample(red)
                            unsafe target[to + 1] = Self.sample(green)
                            unsafe target[to + 2] = Self.sample(blue)
                        }
                    }
                }
            }
        }
        return result
    }

    /// Rows of `size.width` pixels, `rowCount` of them, at another count.
    private static func resizedColumns(
        _ rows: [UInt8], rowCount: Int, size: PixelSize
    ) -> [UInt8] {
        let table = ResizeWeights(sourceCount: rowCount, targetCount: size.height)
        let half: Int32 = 1 << (ResizeWeights.fractionBitCount - 1)
        let stride = size.width * 3
        var result = [UInt8](repeating: 0, count: stride * size.height)
        var sums = [Int32](repeating: half, count: stride)
        // Whole rows are weighted and added, which the compiler turns into vector code.
        unsafe rows.withUnsafeBufferPointer { source in
            unsafe result.withUnsafeMutableBufferPointer { target in
                unsafe sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<size.height {
                        unsafe sums.update(repeating: half)
                        for tap in 0..<table.counts[row] {
                            let weight = table.weights[row * table.tapLimit + tap]
                            let from = (table.starts[row] + tap) * stride
                            for index in 0..<stride {
                                unsafe sums[index] &+= Int32(source[from + index]) &* weight
                            }
                        }
                        for index in 0..<stride {
                            unsafe target[row * stride + index] = sample(sums[index])
                        }
                    }
                }
            }
        }
        return result
    }

    /// A weighted sum as a sample; weights are not negative, so only rounding can overshoot.
    private static func sample(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(sum &>> ResizeWeights.fractionBitCount, 255))
    }
}
