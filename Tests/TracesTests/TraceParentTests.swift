import Testing
import Traces

/// The header by which traces are carried, by the words of W3C Trace Context, 3.2.
struct TraceParentTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let span = "b7ad6b7169203331"

    @Test(arguments: [
        "00-\(trace)-\(span)-01", "00-\(trace)-\(span)-00",
        "00-\(trace)-0000000000000001-01", "00-0000000000000000000000000000000f-\(span)-01",
    ])
    func whatIsReadIsWrittenAgain(text: String) throws {
        let parent = try #require(TraceParent(text))
        #expect(parent.description == text)
        #expect(parent.trace == text.dropFirst(3).prefix(32))
    }

    /// Flags that nobody knows yet are not handed on; what a later version adds is left out.
    @Test(arguments: [
        ("00-\(trace)-\(span)-03", "01"), ("00-\(trace)-\(span)-fe", "00"),
        ("01-\(trace)-\(span)-01", "01"), ("cc-\(trace)-\(span)-01-what-the-future-adds", "01"),
    ])
    func whatIsNotKnownYetIsReadAsFarAsItIs(text: String, flags: String) {
        #expect(TraceParent(text)?.description == "00-\(Self.trace)-\(Self.span)-\(flags)")
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-011",
        "00-\(trace)-\(span)-01-", "ff-\(trace)-\(span)-01", "cc-\(trace)-\(span)-01.more",
        "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-\(span)-01", "00-\(trace)-b7ad6b716920333x-01",
        "0x-\(trace)-\(span)-01", "00_\(trace)-\(span)-01", "00-\(trace)-\(span)-0é",
    ])
    func whatIsMalformedIsNoTrace(text: String) {
        #expect(TraceParent(text) == nil)
    }
}
