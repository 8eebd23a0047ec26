internal import CImageCodecs

/// One call into the C fence, seen from Swift: its limits going in, its report coming out.
struct CodecCall {
    let format: ImageFormat
    let limits: DecodingLimits
    /// What the codec may spend.
    let codecLimits: codec_limits

    /// - Parameter deadline: Reading of ``ThreadProcessorTime`` at which the call must stop.
    init(format: ImageFormat, limits: DecodingLimits, deadline: ThreadProcessorTime) {
        self.format = format
        self.limits = limits
        codecLimits = codec_limits(
            cpu_nanoseconds: deadline.remainingNanoseconds,
            memory_bytes: max(0, limits.memoryByteCountLimit),
            scan_count: UInt32(clamping: limits.scanCountLimit))
    }

    /// The error that a status means; nil for success.
    func error(
        status: codec_status, report: codec_report
    ) -> ImageDecodingError? {
        switch status {
        case .CODEC_OK: nil
        case .CODEC_MALFORMED, .CODEC_UNEXPECTED_SIZE:
            .malformed(format: format, codecMessage: report.text)
        case .CODEC_UNSUPPORTED:
            .unsupportedEncoding(format: format, codecMessage: report.text)
        case .CODEC_TOO_MANY_SCANS: .tooManyScans(limit: limits.scanCountLimit)
        case .CODEC_OUT_OF_TIME: .outOfTime(limit: limits.processorTimeLimit)
        case .CODEC_OUT_OF_MEMORY:
            .tooMuchMemory(byteCount: nil, limit: limits.memoryByteCountLimit)
        }
    }
}

extension codec_report {
    /// The codec's sentence.
    var text: String {
        unsafe withUnsafeBytes(of: message) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

/// A point on the calling thread's processor clock.
struct ThreadProcessorTime {
    private let nanoseconds: UInt64

    /// The point that lies `duration` of work after now.
    static func after(_ duration: Duration) -> ThreadProcessorTime {
        let parts = duration.components
        // A year is as good as no limit, and keeps the sum within 64 bits.
        let seconds = min(max(0, parts.seconds), 365 * 24 * 3600)
        let budget = seconds * 1_000_000_000 + max(0, parts.attoseconds) / 1_000_000_000
        return ThreadProcessorTime(
            nanoseconds: codec_thread_cpu_nanoseconds() + UInt64(clamping: budget))
    }

    /// Whether so much work has been done.
    var hasPassed: Bool { remainingNanoseconds == 0 }

    /// Work left until this point; 0 when it has passed.
    var remainingNanoseconds: UInt64 {
        let now = codec_thread_cpu_nanoseconds()
        return nanoseconds > now ? nanoseconds - now : 0
    }
}

/// A picture being decoded: where the codec writes, already upright.
struct DecodingTarget {
    let storedSize: PixelSize
    let orientation: Orientation
    let reduction: Int

    /// The upright size of what is put out.
    var size: PixelSize { orientation.upright(storedSize.reduced(by: reduction)) }

    /// Allocates zeroed pixels, lets `decode` fill them and returns them with what it returned.
    func filled(
        by decode: (inout codec_target, inout codec_report) -> codec_status
    ) -> (pixels: [UInt8], status: codec_status, report: codec_report) {
        var pixels = [UInt8](repeating: 0, count: size.pixelCount * 3)
        var report = codec_report()
        let placement = orientation.placement(upright: size)
        let status = unsafe pixels.withUnsafeMutableBufferPointer { buffer in
            // The pointer is used within this closure only; C checks all corners against the count.
            var target = unsafe codec_target(
                stored_width: UInt32(clamping: storedSize.width),
                stored_height: UInt32(clamping: storedSize.height),
                reduction: UInt32(clamping: reduction),
                pixels: buffer.baseAddress, byte_count: buffer.count,
                origin: placement.origin, column_step: placement.columnStep,
                row_step: placement.rowStep)
            return unsafe decode(&target, &report)
        }
        return (pixels, status, report)
    }
}
