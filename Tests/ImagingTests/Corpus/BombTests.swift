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
        let residentBefore = try ProcessFigures.own.resetPeak()
        let start = threadProcessorSeconds()
        _ = try? PhotoDecoder().decode(bytes)
        let seconds = threadProcessorSeconds() - start
        let growth = try ProcessFigures.own.peakByteCount() - residentBefore
        #expect(seconds <= Self.processorSecondsLimit, "\(entry) took \(seconds) s")
        #expect(growth <= Self.memoryGrowthLimit, "\(entry) grew by \(growth) bytes")
    }

    /// Each with its own code, so that an operator sees which limit to think about.
    @Test(arguments: Corpus.bombCodes)
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
