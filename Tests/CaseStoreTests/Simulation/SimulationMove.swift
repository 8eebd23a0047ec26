import Statistics

/// What somebody may do next.
enum SimulationMove: CaseIterable {
    case submit, finish, giveUp, forgetAnswers
    case lease, heartbeat, decide, comeLate, release, undo
    case plan, take, send
    case passTime, stepClock, restartService, restartOther, restartMachine

    /// How often it is drawn, relatively.
    private var weight: Int {
        switch self {
        case .submit, .finish: 170
        case .lease: 160
        case .decide: 130
        case .send: 160
        case .take: 80
        case .plan: 50
        case .comeLate: 50
        case .heartbeat, .release, .undo: 40
        case .passTime: 40
        case .stepClock, .giveUp: 15
        case .forgetAnswers: 5
        case .restartService, .restartOther: 3
        case .restartMachine: 1
        }
    }

    private static let table = allCases.flatMap { Array(repeating: $0, count: $0.weight) }

    static func drawn(_ generator: inout SeededGenerator) -> SimulationMove {
        table[generator.index(below: table.count)]
    }
}
