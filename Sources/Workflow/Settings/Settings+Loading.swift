internal import Configuration
internal import Foundation
internal import SystemPackage
internal import Yams

extension Settings {
    /// The keys of a settings file; the environment has them as `REGRADE_` and capitals.
    package static let keys: Set<String> = Set([
        "data", "model", "calibration", "policy", "workers", "locale", "keepPhotos",
        "isolateDecoders", "reviewKeys", "referenceBankCountLimit", processorTimeKey,
    ]).union(limitPaths.keys).union(ServingSettings.keys)

    /// Puts settings together: flags come first, then `REGRADE_…` variables, then the settings
    /// file.
    ///
    /// - Parameters:
    ///   - flags: What the command line states.
    ///   - environment: The process's environment.
    /// - Throws: ``Failure`` of kind `configuration` naming the setting, its value and the bound.
    public static func loaded(
        flags: StatedSettings, environment: [String: String]
    ) async throws -> Settings {
        var providers: [any ConfigProvider] = [
            EnvironmentVariablesProvider(environmentVariables: environment)
                .prefixKeys(with: "regrade")
        ]
        if let path = flags.configurationPath ?? environment["REGRADE_CONFIG"] {
            providers.append(try await fileProvider(path: path))
        }
        let reader = ConfigReader(providers: providers)
        var settings = Settings()
        settings.dataDirectory = flags.dataDirectory ?? reader.string(forKey: "data")
        settings.modelPath = flags.modelPath ?? reader.string(forKey: "model")
        settings.calibrationPath = flags.calibrationPath ?? reader.string(forKey: "calibration")
        settings.policyPath = flags.policyPath ?? reader.string(forKey: "policy")
        settings.locale = flags.locale ?? reader.string(forKey: "locale") ?? settings.locale
        settings.reviewKeys = reader.string(forKey: "reviewKeys") ?? ""
        settings.referenceBankCountLimit =
            try wholeNumber("referenceBankCountLimit", reader) ?? settings.referenceBankCountLimit
        settings.workerCount = try flags.workerCount ?? wholeNumber("workers", reader)
        settings.decodingLimits = try decodingLimits(reader)
        settings.serving = try ServingSettings(flags: flags.serving, reader: reader)
        settings.keepsPhotos =
            try flags.keepsPhotos ?? yesOrNo("keepPhotos", reader) ?? settings.keepsPhotos
        settings.isolatesDecoders =
            try flags.isolatesDecoders ?? yesOrNo("isolateDecoders", reader)
            ?? flags.isolatesDecodersByDefault
        if let count = settings.workerCount, !(1...workerCountLimit).contains(count) {
            throw Failure(
                .configuration, code: "setting_out_of_range",
                "workers is \(count), expected 1 to \(workerCountLimit)")
        }
        return settings
    }

    private static func yesOrNo(_ name: String, _ reader: ConfigReader) throws -> Bool? {
        let key = ConfigKey(stringLiteral: name)
        guard let text = reader.string(forKey: key) ?? reader.bool(forKey: key)?.description
        else { return nil }
        switch text {
        case "true", "1", "yes": return true
        case "false", "0", "no": return false
        default:
            throw Failure(
                .configuration, code: "setting_not_a_boolean",
                "\(name) is '\(text)', expected true or false")
        }
    }

    private static func fileProvider(path: String) async throws -> any ConfigProvider {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Failure(
                .inputMissing, code: "settings_file_missing",
                "settings file \(path) cannot be read")
        }
        do {
            // A setting that is spelled wrong must not be ignored, so the names are checked first.
            let members = try Yams.load(yaml: text) as? [String: Any] ?? [:]
            let unknown = members.keys.filter { !keys.contains($0) }.sorted()
            guard unknown.isEmpty else {
                throw Failure(
                    .configuration, code: "unknown_setting",
                    "settings file \(path) has unknown settings \(unknown.joined(separator: ", "))"
                        + "; known are \(keys.sorted().joined(separator: ", "))")
            }
            return try await FileProvider<YAMLSnapshot>(filePath: FilePath(path))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .configuration, code: "settings_file_malformed",
                "settings file \(path) is no YAML or JSON: \(error)")
        }
    }
}
