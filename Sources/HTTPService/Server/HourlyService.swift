import Logging
import ReturnsDomain
import ServiceLifecycle
import Workflow

/// What is done once at the start and then every hour: early warnings are looked for, and the log
/// of webhooks is shortened.
struct HourlyService: Service {
    let desk: InspectionDesk
    let dispatcher: WebhookDispatcher
    let metrics: ServiceMetrics
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await warn()
                await dispatcher.tidy()
                try? await Task.sleep(for: .seconds(3_600 * EarlyWarningTerms.checkHours))
            }
        }
    }

    private func warn() async {
        do {
            for warning in try await desk.checkEarlyWarnings() {
                metrics.count(warning)
                logger.warning(
                    "early warning",
                    metadata: [
                        "measure": "\(warning.measure.rawValue)",
                        "recent": "\(warning.recentCount)", "past": "\(warning.pastCount)",
                    ])
            }
        } catch {
            logger.warning(
                "trouble", metadata: ["reason": "no early warnings could be looked for: \(error)"])
        }
    }
}
