#if FUZZING
    import Foundation

    /// The parser that `REGRADE_FUZZ_PARSER` names.
    private let chosenParser: FuzzedParser = {
        let name = ProcessInfo.processInfo.environment["REGRADE_FUZZ_PARSER"] ?? ""
        guard let parser = FuzzedParser(rawValue: name) else {
            fatalError("REGRADE_FUZZ_PARSER is '\(name)', expected the name of a parser")
        }
        return parser
    }()

    /// What libFuzzer calls with each input; it brings the main function.
    ///
    /// - SeeAlso: <https://llvm.org/docs/LibFuzzer.html>
    @_cdecl("LLVMFuzzerTestOneInput")
    public func answerOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        // The bytes are the fuzzer's for as long as the call lasts.
        let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
        try? chosenParser.parse(bytes)
        return 0
    }
#endif
