internal import Configuration
internal import Imaging

extension Settings {
    /// The limits on photos by the names that their errors cite, each a whole number above 0.
    static var limitPaths: [String: WritableKeyPath<DecodingLimits, Int>] {
        [
            "byteCountLimit": \.byteCountLimit,
            "pixelCountLimit": \.pixelCountLimit,
            "interlacedPixelCountLimit": \.interlacedPixelCountLimit,
            "sideLimit": \.sideLimit,
            "scanCountLimit": \.scanCountLimit,
            "frameCountLimit": \.frameCountLimit,
            "metadataByteCountLimit": \.metadataByteCountLimit,
            "memoryByteCountLimit": \.memoryByteCountLimit,
        ]
    }

    /// The limit on processor time, in milliseconds.
    static let processorTimeKey = "processorTimeLimit"

    /// Reads the limits that are set; the others keep their defaults.
    ///
    /// - Throws: ``Failure`` of kind `configuration` for a value that is no whole number above 0.
    static func decodingLimits(_ reader: ConfigReader) throws -> DecodingLimits {
        var limits = DecodingLimits()
        for (key, path) in limitPaths {
            if let value = try wholeNumber(key, reader) { limits[keyPath: path] = value }
        }
        if let milliseconds = try wholeNumber(processorTimeKey, reader) {
            limits.processorTimeLimit = .milliseconds(milliseconds)
        }
        return limits
    }

    /// A setting that counts something; nil if it is not set.
    static func wholeNumber(_ key: String, _ reader: ConfigReader) throws -> Int? {
        let configKey = ConfigKey(stringLiteral: key)
        // The environment has texts, a settings file numbers.
        guard
            let text = reader.string(forKey: configKey)
                ?? reader.int(forKey: configKey)?.description
        else { return nil }
        guard let value = Int(text), value > 0 else {
            throw Failure(
                .configuration, code: "setting_not_a_number",
                "\(key) is '\(text)', expected a whole number above 0")
        }
        return value
    }
}
