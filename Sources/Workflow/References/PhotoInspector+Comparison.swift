import Inspection
import ReturnsDomain

/// One photo judged by the network and, where there are references, by comparison.
struct JudgedAndCompared {
    let assessment: PhotoAssessment
    /// nil if there was nothing to compare with.
    let compared: ComparedPhoto?
    let timings: StageTimings

    /// Where the evidence lies: in each place the greater of what the network and the comparison
    /// say.
    var heatMap: HeatMap {
        guard let evidence = compared?.evidence else { return assessment.heatMap }
        return assessment.heatMap.joined(with: evidence)
    }
}

extension PhotoInspector {
    /// Judges a photo and compares it, in one pass of the network.
    ///
    /// - Parameter sha256: The file's hash, if it is known already.
    func judge(
        _ bytes: [UInt8], index: Int, view: PhotoView, sha256: ContentHash? = nil,
        references: ItemReferences?
    ) throws -> JudgedAndCompared {
        var (assessment, timings) = try assess(bytes, index: index, view: view, sha256: sha256)
        guard let references else {
            return JudgedAndCompared(assessment: assessment, compared: nil, timings: timings)
        }
        let clock = ContinuousClock()
        let start = clock.now
        let compared = try features().flatMap {
            try references.compare($0, index: index, view: view)
        }
        timings.comparison += start.duration(to: clock.now).milliseconds
        return JudgedAndCompared(assessment: assessment, compared: compared, timings: timings)
    }

    /// Where in a photo the evidence lies.
    func heatMap(
        of bytes: [UInt8], index: Int, view: PhotoView, references: ItemReferences?
    ) throws -> HeatMap {
        try judge(bytes, index: index, view: view, references: references).heatMap
    }
}

extension HeatMap {
    /// The greater of two maps of the same photo in each cell of a grid as fine as the finer one.
    func joined(with other: HeatMap) -> HeatMap {
        let (columns, rows) = (max(width, other.width), max(height, other.height))
        return HeatMap(
            width: columns, height: rows,
            values: (0..<rows).flatMap { row in
                (0..<columns).map { column in
                    max(
                        value(column, row, of: columns, rows),
                        other.value(column, row, of: columns, rows))
                }
            })
    }

    /// The value of the cell that lies under a cell of a finer grid.
    private func value(_ column: Int, _ row: Int, of columns: Int, _ rows: Int) -> Float {
        values[row * height / rows * width + column * width / columns]
    }
}
