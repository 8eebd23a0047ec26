import ArgumentParser
import Foundation
import Workflow

/// The flags that commands share.
struct CommonOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: "The data directory: database, queue file, audit log, photos (REGRADE_DATA).")
    var dataDirectory: String?

    @Option(help: "A settings file in YAML or JSON (REGRADE_CONFIG).")
    var config: String?

    @Flag(help: "Print JSON for machines.")
    var json = false

    /// The settings from flags, environment and file.
    ///
    /// - Parameter state: Adds what the command's own flags state.
    func settings(
        _ state: (inout StatedSettings) -> Void = { _ in }
    ) async throws -> Settings {
        var stated = StatedSettings()
        stated.dataDirectory = dataDirectory
        stated.configurationPath = config
        state(&stated)
        return try await Settings.loaded(
            flags: stated, environment: ProcessInfo.processInfo.environment)
    }

    /// The casebook in the data directory.
    ///
    /// - Parameters:
    ///   - creating: Whether a missing data directory is made or an error.
    ///   - warn: Told what was recorded but could not be exported.
    func casebook(
        creating: Bool = false,
        warn: @escaping @Sendable (String) -> Void = { Terminal.standard.note("regrade: \($0)") }
    ) async throws -> Casebook {
        let directory = try await namedDirectory()
        let casebook = try await Casebook.open(
            directory: directory, creating: creating, warn: warn)
        OpenCasebooks.standard.add(casebook)
        return casebook
    }

    /// The data directory that flags, environment or file name.
    func namedDirectory() async throws -> String {
        guard let directory = try await settings().dataDirectory else {
            throw Failure(
                .usage, code: "data_directory_missing",
                "no data directory is named; pass --data DIR or set REGRADE_DATA")
        }
        return directory
    }
}

/// The flag of commands that only need to know the rules.
struct PolicyOptions: ParsableArguments {
    @Option(help: "The policy file; the shipped policy by default (REGRADE_POLICY).")
    var policy: String?

    /// The policy that the flag, the environment or the settings file names.
    func loaded(_ common: CommonOptions) async throws -> LoadedPolicy {
        try LoadedPolicy(settings: await common.settings { $0.policyPath = policy })
    }
}

/// The flags of commands that judge photos.
struct JudgingOptions: ParsableArguments {
    @Option(help: "The ONNX model; the shipped one by default (REGRADE_MODEL).")
    var model: String?

    @Option(help: "The calibration; NAME.calibration.json beside the model by default.")
    var calibration: String?

    @Option(help: "The policy file; the shipped policy by default (REGRADE_POLICY).")
    var policy: String?

    @Option(help: "Worker threads; one per core granted by default (REGRADE_WORKERS).")
    var workers: Int?

    @Option(help: "The language of rationales, such as en or de.")
    var locale: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Keep photos in the data directory, encrypted; on by default.")
    var keepPhotos: Bool?

    @Flag(
        inversion: .prefixedNo,
        help: "Decode photos in helper processes that may do nothing else; serve does by default.")
    var isolateDecoders: Bool?

    /// The settings from these flags and the shared ones.
    ///
    /// - Parameters:
    ///   - serving: What a command states about serving, by the names of settings.
    ///   - isolating: Whether photos are decoded in helpers where nothing says otherwise.
    func settings(
        _ common: CommonOptions, serving: [String: String] = [:], isolating: Bool = false
    ) async throws -> Settings {
        try await common.settings { stated in
            stated.isolatesDecodersByDefault = isolating
            stated.serving = serving
            stated.modelPath = model
            stated.calibrationPath = calibration
            stated.policyPath = policy
            stated.workerCount = workers
            stated.locale = locale
            stated.keepsPhotos = keepPhotos
            stated.isolatesDecoders = isolateDecoders
        }
    }
}
