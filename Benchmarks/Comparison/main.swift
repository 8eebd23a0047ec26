import Foundation

/// Scores photos against references, or times it: what `scripts/judge-comparison` drives.
///
///     ComparisonBenchmark score MODEL CALIBRATION < plan.jsonl > scores.jsonl
///     ComparisonBenchmark time MODEL CALIBRATION PHOTO
let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch arguments.first {
    case "score" where arguments.count == 3:
        try ScoringRun(PhotoReader(model: arguments[1], calibration: arguments[2])).run()
    case "time" where arguments.count == 4:
        try TimingRun(PhotoReader(model: arguments[1], calibration: arguments[2]))
            .run(photo: arguments[3])
    default:
        FileHandle.standardError.write(
            Data("usage: score MODEL CALIBRATION < PLAN | time MODEL CALIBRATION PHOTO\n".utf8))
        exit(64)
    }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(70)
}
