import Foundation

/// Decodes photos in a helper process that may do nothing but compute.
///
/// A photo that takes over, crashes or hangs the codecs costs one request: the helper is ended and
/// the next photo gets a new one. The helper is started with the first photo, keeps no file open,
/// has bounded memory and processor time, and, where the kernel has seccomp, no system call beyond
/// those that computing needs. Linux only.
public final class IsolatedPhotoDecoder: PhotoDecoding {
    /// The program that is started as a helper.
    public struct Program: Hashable, Sendable {
        let path: String
        let argument: String

        /// - Parameters:
        ///   - path: An executable file.
        ///   - argument: Its only argument.
        public init(path: String, argument: String = DecodingHelper.argument) {
            self.path = path
            self.argument = argument
        }

        /// This program itself, as it is running, whatever became of its file.
        public static let current = Program(path: "/proc/self/exe")
    }

    /// Seconds until a helper that says nothing and does not compute is given up.
    ///
    /// 10: one that computes has a limit of its own, ``DecodingLimits/processorTimeLimit``, and is
    /// waited for ``patience`` times as long, on a machine so busy that it hardly runs.
    public static let silenceSecondsLimit = 10
    private static let patience = 6
    /// What a helper that computes uses in the seconds of silence, however busy the machine is.
    private static let leastProcessorTime = Duration.milliseconds(1)

    /// What a photo may cost; the same bounds as within a process.
    public let limits: DecodingLimits

    private let program: Program
    private let silenceSeconds: Int
    private let memory: HelperMemory
    private var helper: HelperProcess?
    /// Whether the running helper's system calls are filtered; nil if none runs.
    package private(set) var isFiltered: Bool?

    /// Creates a decoder for the calling thread; no helper is started yet.
    public init(
        limits: DecodingLimits = DecodingLimits(), program: Program = .current,
        silenceSeconds: Int = silenceSecondsLimit
    ) {
        self.limits = limits
        self.program = program
        self.silenceSeconds = silenceSeconds
        memory = HelperMemory(limits: limits)
    }

    /// The running helper's process, for tests; nil if none runs.
    package var process: Int32? { helper?.identifier }

    /// Decodes a photo, as ``PhotoDecoder/decode(_:covering:)`` does in this process.
    ///
    /// - Throws: ``ImageDecodingError``; ``ImageDecodingError/decoderFailed(_:)`` if the helper
    ///   gave no answer that makes sense.
    public func decode(
        _ bytes: [UInt8], covering target: PixelSize? = nil
    ) throws(ImageDecodingError) -> DecodedPhoto {
        if bytes.isEmpty { throw .empty }
        if bytes.count > limits.byteCountLimit || bytes.count > memory.fileByteCount {
            throw .tooManyBytes(byteCount: bytes.count, limit: limits.byteCountLimit)
        }
        do {
            return try answer(bytes, target).get()
        } catch let error as ImageDecodingError {
            throw error
        } catch {
            helper = nil
            isFiltered = nil
            throw .decoderFailed(error as? DecoderFailure ?? .answerInvalid)
        }
    }

    private func answer(
        _ bytes: [UInt8], _ target: PixelSize?
    ) throws -> Result<DecodedPhoto, ImageDecodingError> {
        let request = HelperRequest(byteCount: bytes.count, limits: limits, target: target)
        let helper = try helperGiven(request, bytes)
        switch try said(by: helper) {
        case .ready: throw DecoderFailure.answerInvalid
        case .refused(let error): return .failure(error)
        case .decoded(let photo): return .success(try decoded(photo, of: bytes, by: helper))
        }
    }

    /// The running helper, or a new one if it ended since the last photo: that is not the fault of
    /// this one, which it has never seen.
    private func helperGiven(_ request: HelperRequest, _ bytes: [UInt8]) throws -> HelperProcess {
        if let helper {
            helper.write(bytes)
            let isThere = (try? helper.channel.send(request)) != nil
            if isThere { return helper }
        }
        let started = try startedHelper()
        started.write(bytes)
        try started.channel.send(request)
        return started
    }

    /// What a helper says next; one that computes is waited for.
    private func said(by helper: HelperProcess) throws(DecoderFailure) -> HelperAnswer {
        var before = helper.processorTime
        for _ in 1..<Self.patience {
            do {
                return try helper.channel.receive(HelperAnswer.self, seconds: silenceSeconds)
            } catch .silent {
                let now = helper.processorTime
                guard now - before >= Self.leastProcessorTime else {
                    throw .silent(seconds: silenceSeconds)
                }
                before = now
            }
        }
        return try helper.channel.receive(HelperAnswer.self, seconds: silenceSeconds)
    }

    private func decoded(
        _ photo: HelperPhoto, of bytes: [UInt8], by helper: HelperProcess
    ) throws(DecoderFailure) -> DecodedPhoto {
        guard case .accepted(let format) = FormatSignature(of: bytes),
            let size = photo.size(of: format, within: limits),
            size.pixelCount <= memory.pixelByteCount / 3
        else { throw .answerInvalid }
        let pixels = helper.pixels(count: size.pixelCount * 3)
        if pixels.count > Self.keptByteCount { helper.forgetPixels(after: Self.keptByteCount) }
        return DecodedPhoto(
            image: RGBImage(width: size.width, height: size.height, pixels: pixels),
            header: photo.header, reduction: photo.reduction, colorProfile: photo.colorProfile,
            codecWarningCount: photo.codecWarningCount, codecWarning: photo.codecWarning,
            realRowCount: photo.realRowCount)
    }

    /// Pixels beyond this many bytes are given back after a large photo.
    private static let keptByteCount = 8 << 20

    private func startedHelper() throws(DecoderFailure) -> HelperProcess {
        let started = try HelperProcess(program, memory: memory)
        // Before it has seen the photo, nothing is the photo's fault.
        guard case .ready(let isFiltered)? = try? said(by: started) else {
            throw .notStarted(errorNumber: ENOEXEC)
        }
        helper = started
        self.isFiltered = isFiltered
        return started
    }
}
