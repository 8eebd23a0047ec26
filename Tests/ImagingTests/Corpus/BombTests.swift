import Foundation
import Imaging
import TestSupport
import Testing

/// Files made to cost much for few bytes.
@Suite(.enabled(if: Corpus.isPresent), .serialized)
struct BombTests {
    /// One second is promised; the rest is what the clock's granularity and the refusal itself
    /// take.
    private static let processorSecondsLimit = 1.2

    private static let memoryGrowthLimit = 256_000_000

    @Test(arguments: Corpus.entries(in: "bombs"))
    func bombEndsWithinItsCost(entry: Corpus.Entry) throws {
        let bytes = try Corpus.bytes(entry.path)
        let residentBefore = try ProcessMemory.resetPeak()
        let start = threadProcessorSeconds()
        _ = try? PhotoDecoder().decode(bytes)
        let seconds = threadProcessorSeconds() - start
        let growth = try ProcessMemory.peak() - residentBefore
        #expect(seconds <= Self.processorSecondsLimit, "\(entry) took \(seconds) s")
        #expect(growth <= Self.memoryGrowthLimit, "\(entry) grew by \(growth) bytes")
    }

    /// Each with its own code, so that an operator sees which limit to think about.
    @Test(arguments: [
        ("empty.jpg", "photo_empty"), ("html.jpg", "unsupported_format"),
        ("jpeg_dnl_zero_height.jpg", "photo_undecodable"),
        ("jpeg_hdr_65535x65535_base_nodata.jpg", "side_too_long"),
        ("jpeg_hdr_65535x65535_prog_rgb_200B.jpg", "side_too_long"),
        ("jpeg_prog_4096x4096_2000scans.jpg", "too_many_scans"),
        ("jpeg_prog_65500x65500_2scans_hdr.jpg", "side_too_long"),
        ("jpeg_prog_7000x7000_10000scans.jpg", "too_many_scans"),
        ("one_byte.jpg", "unsupported_format"),
        ("png_20000x20000_rgba8.png", "side_too_long"),
        ("png_65535x65535_gray1.png", "side_too_long"),
        ("png_7000x7000_rgba16_adam7.png", "too_many_interlaced_pixels"),
        ("png_hdr_2147483647.png", "side_too_long"), ("sig_only.png", "photo_undecodable"),
        ("soi_only.jpg", "photo_undecodable"),
    ])
    func bombIsRefusedByItsOwnCode(name: String, code: String) throws {
        let bytes = try Corpus.bytes("bombs/\(name)")
        let error = #expect(throws: ImageDecodingError.self) {
            try PhotoDecoder().decode(bytes, covering: PixelSize(width: 224, height: 224))
        }
        #expect(error?.code == code)
    }

    /// libpng goes on inflating after the last row; a file of the allowed size could hold 20 GB.
    @Test func surplusPixelDataMeetsTheProcessorTimeLimit() throws {
        let bytes = try Corpus.bytes("bombs/png_1px_extra_idat_256MB.png")
        let limit = Duration.milliseconds(50)
        let decoder = PhotoDecoder(limits: DecodingLimits(processorTimeLimit: limit))
        #expect(throws: ImageDecodingError.outOfTime(limit: limit)) { try decoder.decode(bytes) }
    }

    private func threadProcessorSeconds() -> Double {
        var now = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}

/// This process's resident memory, as Linux counts it; proc(5).
enum ProcessMemory {
    /// Starts the peak anew and returns what is resident now, in bytes.
    static func resetPeak() throws -> Int {
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
        return try bytes("VmRSS:")
    }

    /// The most that was resident since then, in bytes.
    static func peak() throws -> Int { try bytes("VmHWM:") }

    private static func bytes(_ field: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
        let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
        return try #require(number.flatMap { Int($0) }) * 1024
    }
}
