public import Imaging

/// The settings that commands share; what is not set has the default named here.
public struct Settings: Sendable, Hashable {
    /// The data directory; nil if nothing is to be recorded.
    public var dataDirectory: String?
    /// The ONNX model; nil for the shipped one.
    public var modelPath: String?
    /// The calibration; nil for the file beside the model, `NAME.calibration.json`.
    public var calibrationPath: String?
    /// The policy; nil for the one compiled into the program.
    public var policyPath: String?
    /// How many worker threads; nil for one per core granted.
    public var workerCount: Int?
    /// The language of rationales, a BCP 47 tag.
    public var locale = "en"
    /// Whether photos are kept, encrypted, in the data directory.
    public var keepsPhotos = true

    /// Whether photos are decoded in helper processes that may do nothing else, which is the
    /// default of a service; see `docs/isolation.md`.
    public var isolatesDecoders = false

    /// Keys of the interactive review that differ from the shipped ones: `resell=1 heat=m`.
    public var reviewKeys = ""

    /// How many banks of reference photos are held in memory, each about a megabyte.
    public var referenceBankCountLimit = 64

    /// What a photo may cost; settable by the names of its members.
    public var decodingLimits = DecodingLimits()

    /// The most bytes that a photo may have.
    package var photoByteCountLimit: Int { decodingLimits.byteCountLimit }

    /// What the HTTP service takes and gives.
    public var serving = ServingSettings()

    /// More workers than this are a typing mistake, not a machine.
    public static let workerCountLimit = 256

    /// Creates settings with their defaults.
    public init() {}
}

/// Settings as one source states them; nil where it says nothing.
public struct StatedSettings: Sendable, Hashable {
    /// See ``Settings/dataDirectory``.
    public var dataDirectory: String?
    /// See ``Settings/modelPath``.
    public var modelPath: String?
    /// See ``Settings/calibrationPath``.
    public var calibrationPath: String?
    /// See ``Settings/policyPath``.
    public var policyPath: String?
    /// See ``Settings/workerCount``.
    public var workerCount: Int?
    /// See ``Settings/locale``.
    public var locale: String?
    /// See ``Settings/keepsPhotos``.
    public var keepsPhotos: Bool?
    /// See ``Settings/isolatesDecoders``.
    public var isolatesDecoders: Bool?
    /// What holds for ``isolatesDecoders`` where no source says anything.
    public var isolatesDecodersByDefault = false
    /// What the command line states about serving, by the names of settings.
    public var serving: [String: String] = [:]
    /// The settings file, if one is named.
    public var configurationPath: String?

    /// Creates an empty statement.
    public init() {}
}
