import Foundation
import ReturnsDomain
import Synchronization
import Workflow

/// What the service counts; base units, no ids as labels.
final class ServiceMetrics: Sendable {
    private static let durationBounds = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    private let requests = MetricFamily(
        "regrade_http_request_duration_seconds", .histogram,
        "Time from the end of a request's headers to its answer.",
        labels: ["method", "route", "status"], bounds: durationBounds)
    private let inspections = MetricFamily(
        "regrade_inspections_total", .counter, "Inspections recorded by this process.",
        labels: ["outcome", "decided_by"])
    private let stages = MetricFamily(
        "regrade_stage_duration_seconds", .histogram, "Time that a stage of an inspection took.",
        labels: ["stage"], bounds: durationBounds)
    private let confidence = MetricFamily(
        "regrade_confidence_ratio", .histogram,
        "Calibrated confidence of the machine's recommendations.",
        bounds: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1])
    private let photosRejected = MetricFamily(
        "regrade_photos_rejected_total", .counter, "Photos that were refused.", labels: ["reason"])
    private let shed = MetricFamily(
        "regrade_load_shed_total", .counter, "Items not treated in full because of load.",
        labels: ["step"])
    private let signIns = MetricFamily(
        "regrade_sign_in_refused_total", .counter, "API keys that were not accepted.",
        labels: ["reason"])
    private let webhooks = MetricFamily(
        "regrade_webhook_deliveries_total", .counter, "Attempts to deliver webhooks.",
        labels: ["result"])
    private let webhooksPending = MetricFamily(
        "regrade_webhook_pending", .gauge, "Deliveries that wait for an active endpoint.")
    private let webhooksDead = MetricFamily(
        "regrade_webhook_dead_letters", .gauge, "Dead letters in the delivery log.")
    private let webhookAge = MetricFamily(
        "regrade_webhook_oldest_undelivered_age_seconds", .gauge,
        "Age of the oldest event that waits for an active endpoint; 0 if none does.")
    private let webhookEndpoints = MetricFamily(
        "regrade_webhook_endpoints", .gauge, "Endpoints by state.", labels: ["state"])
    private let warnings = MetricFamily(
        "regrade_early_warnings_total", .counter,
        "Products and categories of which more comes than their own past leads to expect.",
        labels: ["measure"])
    private let workQueue = MetricFamily(
        "regrade_work_queue_depth", .gauge, "Items that wait or are being inspected.")
    private let bodyMemory = MetricFamily(
        "regrade_body_memory_bytes", .gauge, "Bytes of request bodies held at the moment.")
    private let reviewQueue = MetricFamily(
        "regrade_review_queue_depth", .gauge, "Review tasks of the default tenant that wait.")
    private let reviewAge = MetricFamily(
        "regrade_review_oldest_age_seconds", .gauge,
        "Age of the default tenant's oldest undecided review task; 0 if there is none.")
    private let overrides = MetricFamily(
        "regrade_review_overrides_total", .counter,
        "Decisions of the default tenant's reviewers that differ from the recommendation.",
        labels: ["from", "to"])
    private let chain = MetricFamily(
        "regrade_audit_chain_length", .gauge, "Entries of the default tenant's audit log.")
    private let ready = MetricFamily(
        "regrade_ready", .gauge, "Whether /readyz says so: 1 or 0.")
    private let memory = MetricFamily(
        "process_resident_memory_bytes", .gauge, "Resident memory of the process.")
    private let files = MetricFamily(
        "process_open_fds", .gauge, "Open file descriptors of the process.")
    private let processorTime = MetricFamily(
        "process_cpu_seconds_total", .counter, "Processor time of the process.")
    private let startTime = MetricFamily(
        "process_start_time_seconds", .gauge, "When the process started, seconds since 1970.")

    private var families: [MetricFamily] {
        [
            requests, inspections, stages, confidence, photosRejected, shed, signIns, webhooks,
            webhooksPending, webhooksDead, webhookAge, webhookEndpoints, warnings, workQueue,
            bodyMemory, reviewQueue, reviewAge, overrides, chain, ready, memory, files,
            processorTime, startTime,
        ]
    }

    init() {
        for measure in EarlyWarning.Measure.allCases { warnings.add(0, measure.rawValue) }
        for result in ["delivered", "failed", "disabled", "dead"] { webhooks.add(0, result) }
        startTime.set(Date().timeIntervalSince1970)
        for step in [AdmissionLadder.Step.withoutHeatMap, .later, .refused] {
            shed.add(0, step.rawValue)
        }
    }

    /// A request was answered.
    func answered(method: String, route: String, status: Int, duration: Duration) {
        let known = ["GET", "HEAD", "POST", "DELETE"].contains(method) ? method : "other"
        requests.observe(duration / .seconds(1), known, route, String(status))
    }

    /// A reviewer decided.
    func count(_ reviewed: ReviewedOutcome) {
        guard reviewed.decided != reviewed.recommended else { return }
        overrides.add(1, reviewed.recommended.rawValue, reviewed.decided.rawValue)
    }

    /// A key was not accepted.
    func signInRefused(_ refusal: SignInRefusal) { signIns.add(1, refusal.rawValue) }

    /// An attempt to deliver a webhook ended.
    func count(_ verdict: WebhookVerdict) { webhooks.add(1, verdict.word) }

    /// Something rises.
    func count(_ warning: EarlyWarning) { warnings.add(1, warning.measure.rawValue) }

    /// Something happened at the desk.
    func count(_ event: DeskEvent) {
        switch event {
        case .inspected(let adjudication):
            inspections.add(
                1, adjudication.decision.outcome.rawValue, adjudication.decidedBy.rawValue)
            confidence.observe(adjudication.decision.confidence)
            guard let timings = adjudication.timings else { return }
            for (stage, milliseconds) in [
                ("decode", timings.decode), ("quality", timings.quality),
                ("network", timings.network), ("comparison", timings.comparison),
                ("policy", timings.policy), ("total", timings.total),
            ] {
                stages.observe(milliseconds / 1_000, stage)
            }
        case .photoRejected(let code): photosRejected.add(1, code)
        case .shed(let step): shed.add(1, step.rawValue)
        case .trouble: break
        }
    }

    /// Sets what is measured only when someone asks, and writes everything.
    ///
    /// - Parameters:
    ///   - counts: What the record holds; nil if it could not be read.
    ///   - webhooks: How deliveries stand; nil if it could not be read.
    func text(
        depth: Int, bodyByteCount: Int, isReady: Bool, counts: RecordCounts?,
        webhooks: WebhookFigures?
    ) -> String {
        workQueue.set(Double(depth))
        bodyMemory.set(Double(bodyByteCount))
        ready.set(isReady ? 1 : 0)
        if let webhooks {
            webhooksPending.set(Double(webhooks.pendingCount))
            webhooksDead.set(Double(webhooks.deadCount))
            webhookAge.set(Self.age(of: webhooks.oldestPendingAt))
            webhookEndpoints.set(Double(webhooks.activeEndpointCount), "active")
            webhookEndpoints.set(Double(webhooks.disabledEndpointCount), "disabled")
        }
        if let counts {
            let waiting = (counts.reviewTasks[.open] ?? 0) + (counts.reviewTasks[.leased] ?? 0)
            reviewQueue.set(Double(waiting))
            reviewAge.set(Self.age(of: counts.oldestTaskOpenedAt))
            chain.set(Double(counts.auditEntries))
        }
        let process = ProcessFigures.now
        memory.set(Double(process.residentByteCount))
        files.set(Double(process.openFileCount))
        processorTime.set(process.processorSeconds)
        return families.map(\.text).joined()
    }

    /// Seconds since a moment; 0 for none.
    private static func age(of moment: Timestamp?) -> Double {
        guard let moment else { return 0 }
        let age = Timestamp.now.millisecondsSince1970 - moment.millisecondsSince1970
        return Double(max(0, age)) / 1_000
    }
}

/// What the kernel knows of this process.
struct ProcessFigures {
    let residentByteCount: Int
    let openFileCount: Int
    let processorSeconds: Double

    /// Read from `/proc/self`; 0 where there is none.
    ///
    /// - SeeAlso: `proc_pid_statm(5)`, `proc_pid_fd(5)`, `clock_gettime(2)`.
    static var now: ProcessFigures {
        let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        var used = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
        return ProcessFigures(
            residentByteCount: pages * Int(sysconf(Int32(_SC_PAGESIZE))),
            openFileCount: files ?? 0,
            processorSeconds: Double(used.tv_sec) + Double(used.tv_nsec) / 1e9)
    }
}
