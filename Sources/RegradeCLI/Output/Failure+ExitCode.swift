import Workflow

extension Failure.Kind {
    /// The process's exit code, as in `sysexits.h`.
    var exitCode: Int32 {
        switch self {
        case .usage: 64
        case .badInput: 65
        case .inputMissing: 66
        case .unavailable: 69
        case .internalMistake: 70
        case .cannotCreateOutput: 73
        case .inputOutput: 74
        case .tryAgain: 75
        case .configuration: 78
        }
    }
}
