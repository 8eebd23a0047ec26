import Foundation
public import ReturnsDomain

/// Where in a photo its item stands, and so which places count.
///
/// Photos taken by hand show an item in the middle before a background that is never the same; a
/// strange background must not count as damage. Close-ups and fixed stations show nothing else.
public enum PhotoFocus: UInt8, CaseIterable, Hashable, Sendable {
    /// All places count alike.
    case everywhere = 0
    /// Places count less the farther they are from the middle: exp(−r²/2) at r half sides, which
    /// is 0.61 at the middle of an edge and 0.37 in a corner.
    case middle = 1

    /// What photos of a view show: labels and damage from near by, all else as a whole.
    public init(view: PhotoView) {
        switch view {
        case .label, .damage: self = .everywhere
        case .front, .back, .packaging, .other: self = .middle
        }
    }

    /// What each place counts, 0…1, row-major.
    func weights(rowCount: Int, columnCount: Int) -> [Float] {
        guard self == .middle else {
            return [Float](repeating: 1, count: rowCount * columnCount)
        }
        return (0..<rowCount).flatMap { row in
            let down = Self.place(row, of: rowCount)
            return (0..<columnCount).map { column in
                let across = Self.place(column, of: columnCount)
                return Float(exp(-(down * down + across * across) / 2))
            }
        }
    }

    /// The centre of a cell, −1…1 from edge to edge.
    private static func place(_ index: Int, of count: Int) -> Double {
        (2 * Double(index) + 1) / Double(count) - 1
    }
}
