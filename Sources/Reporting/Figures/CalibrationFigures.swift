import Statistics

/// Whether stated confidences come true.
enum CalibrationFigures {
    static func add(
        _ prefix: String, _ cases: [LabelledCase], to section: inout FigureSection
    ) {
        // Sorted once, so that a resample only repeats or drops neighbours.
        let sorted = cases.sorted { $0.confidence < $1.confidence }
        if let value = error(sorted, weights: nil) {
            section.add(
                KeyFigure(
                    prefix + "_ece", "Expected calibration error", unit: .number, value: value,
                    n: cases.count,
                    interval: QualityFigures.bootstrap(cases.count).interval(
                        groups: Array(sorted.indices)
                    ) { error(sorted, weights: $0) }, method: "bootstrap",
                    note: "15 bins of equal size; never to be read alone, a constant has none"))
        }
        let squares = cases.map { labelled in
            let gap = labelled.confidence - (labelled.isRight ? 1 : 0)
            return gap * gap
        }
        let brier = MeanEstimate(squares)
        if let value = brier.value {
            section.add(
                KeyFigure(
                    prefix + "_brier", "Brier score of the confidence", unit: .number,
                    value: value, n: brier.count, interval: brier.interval(), method: "normal"))
        }
    }

    private static func error(_ sorted: [LabelledCase], weights: [Int]?) -> Double? {
        var confidences: [Double] = []
        var isRight: [Bool] = []
        for (index, labelled) in sorted.enumerated() {
            for _ in 0..<(weights?[index] ?? 1) {
                confidences.append(labelled.confidence)
                isRight.append(labelled.isRight)
            }
        }
        return Reliability(confidences: confidences, isRight: isRight).expectedCalibrationError
    }
}
