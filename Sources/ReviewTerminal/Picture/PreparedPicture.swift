package import ReturnsDomain

/// A place for a picture on the screen, in cells.
package struct CellSize: Hashable, Sendable {
    /// Columns, at least 1.
    package let columns: Int
    /// Rows, at least 1.
    package let rows: Int

    /// Creates a size.
    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// Which picture: of which photo, with or without the heat map, for which place.
package struct PictureKey: Hashable, Sendable {
    /// The case.
    package let task: ReviewTaskID
    /// The photo's index in the case.
    package let photo: Int
    /// Whether the heat map lies over it.
    package let hasHeatMap: Bool
    /// The place it must fit into.
    package let place: CellSize

    /// Names a picture.
    package init(task: ReviewTaskID, photo: Int, hasHeatMap: Bool, place: CellSize) {
        self.task = task
        self.photo = photo
        self.hasHeatMap = hasHeatMap
        self.place = place
    }
}

/// A colour of 24 bits.
package struct RGBColor: Hashable, Sendable {
    /// 0…255.
    package let red: UInt8
    /// 0…255.
    package let green: UInt8
    /// 0…255.
    package let blue: UInt8

    /// Creates a colour.
    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }
}

/// A picture made ready for the terminal at hand.
package enum PreparedPicture: Hashable, Sendable {
    /// Two pixels a cell, one above the other: `columns * rows * 2` colours, row-major.
    case halfBlocks(CellSize, pixels: [RGBColor])
    /// A PNG for Kitty's graphics protocol, to be stretched over so many cells.
    case png(CellSize, bytes: [UInt8])

    /// The cells it covers.
    package var size: CellSize {
        switch self {
        case .halfBlocks(let size, _), .png(let size, _): size
        }
    }
}
