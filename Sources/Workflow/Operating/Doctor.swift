import CaseStore
import DecisionPolicy
import Foundation
import Inspection
import NeuralNetwork
import ReturnsDomain

/// Looks at everything Regrade stands on, and says what is wrong and how to mend it.
public struct Doctor: Sendable {
    private let settings: Settings

    /// Examines what these settings name.
    public init(settings: Settings) {
        self.settings = settings
    }

    /// Looks at everything; a finding never stops the next one.
    public func examine() async -> DoctorReport {
        var findings = [version, cores]
        findings += [kernels, threading, concurrentProducts]
        findings += [model, golden, policy]
        findings.append(await dataDirectory())
        return DoctorReport(findings: findings)
    }

    private var version: DoctorReport.Finding {
        .right("regrade", Program.version)
    }

    private var cores: DoctorReport.Finding {
        let workers = settings.workerCount ?? CoreCount.granted
        guard workers <= CoreCount.granted else {
            return .wrong(
                "cores", "\(CoreCount.granted) granted, \(workers) workers set",
                cure: "set workers to at most \(CoreCount.granted); more only wait for each other")
        }
        return .right("cores", "\(CoreCount.granted) granted, \(workers) workers")
    }

    private var kernels: DoctorReport.Finding {
        let environment = ProcessInfo.processInfo.environment
        let preset = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"].filter { environment[$0] != nil }
        guard preset.isEmpty else {
            return .wrong(
                "OpenBLAS kernels", "\(OpenBLAS.coreName), forced by \(preset)",
                cure: "unset \(preset.joined(separator: " ")); OpenBLAS then picks the fastest")
        }
        return .right("OpenBLAS kernels", OpenBLAS.coreName)
    }

    private var threading: DoctorReport.Finding {
        examined("OpenBLAS build", cure: Self.openBLASCure) {
            try OpenBLAS.checkThreading()
            return OpenBLAS.configuration
        }
    }

    private var concurrentProducts: DoctorReport.Finding {
        examined("concurrent GEMM", cure: Self.openBLASCure) {
            try OpenBLAS.checkConcurrentProducts()
            return "several threads get the same results as one"
        }
    }

    private static let openBLASCure =
        "install libopenblas0-pthread and remove other builds: they are wrong or slow under threads"

    private var model: DoctorReport.Finding {
        examined("model", cure: "name another with --model, or restore the shipped one") {
            let files = try ModelFiles(settings: settings)
            let model = try DamageModel(
                modelPath: files.model, calibrationPath: files.calibration)
            return "\(model.version.name) \(model.version.version), calibration "
                + "\(model.calibration.id), machine decisions in "
                + "\(model.calibration.automated.map(\.category).joined(separator: ", "))"
        }
    }

    private var golden: DoctorReport.Finding {
        examined("golden tensors", cure: "re-run scripts/train, or restore models/") {
            let check = try GoldenCheck(path: ModelFiles(settings: settings).model)
            return "\(check.outputs.count) outputs agree with the trainer's"
        }
    }

    private var policy: DoctorReport.Finding {
        examined("policy", cure: "run regrade policy check on it") {
            let loaded = try LoadedPolicy(settings: settings)
            return "\(loaded.policy.id) \(loaded.policy.version)"
        }
    }

    private func dataDirectory() async -> DoctorReport.Finding {
        guard let directory = settings.dataDirectory else {
            return .right("data directory", "none named; nothing would be recorded")
        }
        do {
            let casebook = try await Casebook.open(directory: directory, creating: false) { _ in }
            let counts = try await casebook.counts()
            return .right(
                "data directory",
                "\(counts.inspections.values.reduce(0, +)) inspections, "
                    + "\(counts.reviewTasks[.open, default: 0]) waiting for a person, "
                    + "\(counts.auditEntries) audit entries")
        } catch {
            return .wrong(
                "data directory", "\(Failure(describing: error))",
                cure: "see docs/data-directory.md")
        }
    }

    private func examined(
        _ subject: String, cure: String, _ body: () throws -> String
    ) -> DoctorReport.Finding {
        do {
            return .right(subject, try body())
        } catch {
            return .wrong(subject, Failure(describing: error).message, cure: cure)
        }
    }
}

extension DoctorReport.Finding {
    fileprivate static func right(_ subject: String, _ text: String) -> Self {
        Self(subject: subject, isRight: true, text: text, cure: nil)
    }

    fileprivate static func wrong(_ subject: String, _ text: String, cure: String) -> Self {
        Self(subject: subject, isRight: false, text: text, cure: cure)
    }
}
