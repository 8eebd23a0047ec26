import Foundation
import Inspection

/// Scores photos against references, or times it: what `scripts/judge-comparison` drives.
///
///     ComparisonBenchmark score MODEL CALIBRATION < plan.jsonl > scores.jsonl
///     ComparisonBenchmark time MODEL CALIBRATION PHOTO
///     ComparisonBenchmark image MODEL CALIBRATION       names the image that photos are compared by
///     ComparisonBenchmark rounds NETWORK                NETWORK ends with that image
let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch arguments.first {
    case "score" where arguments.count == 3:
        try ScoringRun(PhotoReader(model: arguments[1], calibration: arguments[2])).run()
    case "time" where arguments.count == 4:
        try TimingRun(PhotoReader(model: arguments[1], calibration: arguments[2]))
            .run(photo: arguments[3])
    case "image" where arguments.count == 3:
        let reader = try PhotoReader(model: arguments[1], calibration: arguments[2])
        for name in reader.inspector.model.comparisonImageNames { print(name) }
    case "rounds" where arguments.count == 2:
        try CutNetworkRun(network: arguments[1]).run()
    default:
        FileHandle.standardError.write(
            Data(
                ("usage: score MODEL CALIBRATION < PLAN | time MODEL CALIBRATION PHOTO"
                    + " | image MODEL CALIBRATION | rounds NETWORK\n").utf8))
        exit(64)
    }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(70)
}
