extension NumPyArray {
    /// The dictionary at the start of a `.npy` file.
    struct Header {
        /// NumPy's code of the element type, as `<f4`.
        var description = ""
        var isColumnMajor = false
        var shape: [Int] = []

        /// - Parameter text: A Python dictionary literal of three known keys.
        init(_ text: String) throws(ModelError) {
            var scanner = Scanner(text)
            var seen: Set<String> = []
            try scanner.expect("{")
            while !scanner.skip("}") {
                let key = try scanner.quoted()
                guard seen.insert(key).inserted else { throw malformed("key \(key) is repeated") }
                try scanner.expect(":")
                switch key {
                case "descr": description = try scanner.quoted()
                case "fortran_order": isColumnMajor = try scanner.truth()
                case "shape": shape = try scanner.integers()
                default: throw malformed("its header has the unknown key \(key)")
                }
                if !scanner.skip(",") {
                    try scanner.expect("}")
                    break
                }
            }
            guard seen.count == 3 else { throw malformed("its header lacks a key") }
        }
    }

    /// Reads the few Python literals that a header consists of.
    private struct Scanner {
        private var rest: Substring

        init(_ text: String) {
            rest = text[...]
        }

        mutating func skip(_ character: Character) -> Bool {
            rest = rest.drop(while: \.isWhitespace)
            guard rest.first == character else { return false }
            rest.removeFirst()
            return true
        }

        mutating func expect(_ character: Character) throws(ModelError) {
            guard skip(character) else { throw malformed("its header lacks a \(character)") }
        }

        mutating func quoted() throws(ModelError) -> String {
            let mark: Character = skip("\"") ? "\"" : "'"
            if mark == "'" { try expect("'") }
            let text = rest.prefix { $0 != mark }
            rest = rest.dropFirst(text.count)
            try expect(mark)
            return String(text)
        }

        mutating func truth() throws(ModelError) -> Bool {
            rest = rest.drop(while: \.isWhitespace)
            for (word, value) in [("True", true), ("False", false)] where rest.hasPrefix(word) {
                rest = rest.dropFirst(word.count)
                return value
            }
            throw malformed("its order is neither True nor False")
        }

        mutating func integers() throws(ModelError) -> [Int] {
            var integers: [Int] = []
            try expect("(")
            while !skip(")") {
                rest = rest.drop(while: \.isWhitespace)
                let digits = rest.prefix { $0.isASCII && $0.isNumber }
                guard let integer = Int(digits) else { throw malformed("its shape is not a tuple") }
                rest = rest.dropFirst(digits.count)
                integers.append(integer)
                if !skip(",") {
                    try expect(")")
                    break
                }
            }
            return integers
        }
    }
}
