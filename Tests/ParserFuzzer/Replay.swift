#if !FUZZING
    import Foundation

    /// Lets a parser answer files, such as what a fuzzer found: `ParserFuzzer NAME FILE…`.
    @main
    struct Replay {
        static func main() throws {
            let arguments = CommandLine.arguments.dropFirst()
            guard let name = arguments.first, let parser = FuzzedParser(rawValue: name) else {
                let names = FuzzedParser.allCases.map(\.rawValue).joined(separator: " ")
                print("usage: ParserFuzzer NAME FILE…, with one of these names: \(names)")
                return
            }
            for path in arguments.dropFirst() {
                let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
                do {
                    try parser.parse(bytes)
                    print("\(path): taken")
                } catch {
                    print("\(path): refused, \(error)")
                }
            }
        }
    }
#endif
