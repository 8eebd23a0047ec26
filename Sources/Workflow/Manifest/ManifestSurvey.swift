/// Reads a manifest to its end before any work begins: counts its items and finds its mistakes.
///
/// Memory does not grow with the manifest. Whether an item's rows are scattered is asked of a
/// filter of fixed size, which errs only by suspecting too many; the suspects are then counted
/// exactly by reading the manifest once more, up to a bounded number of them at a time.
public struct ManifestSurvey: Sendable, Hashable {
    /// How many items there are.
    public let itemCount: Int

    /// Suspects that are counted in one pass: a few megabytes of names.
    static let suspectCountLimit = 10_000

    /// Surveys a manifest; reads it once, and once more for every ``suspectCountLimit`` suspects.
    ///
    /// - Parameters:
    ///   - path: The manifest.
    ///   - filterByteCount: The size of the filter; smaller only in tests.
    /// - Throws: ``ManifestError`` for the first wrong line.
    public init(
        path: String, filterByteCount: Int = NameFilter.byteCount
    ) throws(ManifestError) {
        var filter = NameFilter(byteCount: filterByteCount)
        var reader = try ManifestReader(path: path)
        var suspects: Set<ExactName> = []
        var count = 0
        while let entry = try reader.next() {
            // Whoever cancelled the task does not want the answer; see BatchRunner.
            if Task.isCancelled { break }
            count += 1
            guard filter.insert(entry.item) else { continue }
            suspects.insert(ExactName(entry.item))
            if suspects.count >= Self.suspectCountLimit {
                try Self.check(suspects, in: path)
                suspects.removeAll()
            }
        }
        if !suspects.isEmpty { try Self.check(suspects, in: path) }
        itemCount = count
    }

    private static func check(
        _ suspects: Set<ExactName>, in path: String
    ) throws(ManifestError) {
        var reader = try ManifestReader(path: path)
        var seen: Set<ExactName> = []
        while let entry = try reader.next() {
            let name = ExactName(entry.item)
            guard suspects.contains(name) else { continue }
            guard seen.insert(name).inserted else {
                throw .scatteredItem(line: reader.itemLine, item: entry.item)
            }
        }
    }
}

/// A name compared by its bytes, as the casebook does; `String` takes é and e + ´ for the same.
private struct ExactName: Hashable {
    let bytes: [UInt8]

    init(_ name: String) {
        bytes = Array(name.utf8)
    }
}

/// A Bloom filter: a set of names of fixed size that may take a new name for a known one.
///
/// - SeeAlso: Bloom 1970, "Space/time trade-offs in hash coding with allowable errors",
///   doi 10.1145/362686.362692; two hashes make all of them (Kirsch and Mitzenmacher 2008,
///   doi 10.1002/rsa.20208).
public struct NameFilter: Sendable {
    /// 16 MiB: of a million names about one in a million is suspected wrongly, of ten million one
    /// in two hundred.
    public static let byteCount = 16 << 20
    /// Bits set for each name.
    private static let bitsPerName = 4

    private var words: [UInt64]

    /// Creates an empty filter.
    ///
    /// - Parameter byteCount: At least 8; rounded down to a multiple of 8.
    public init(byteCount: Int = NameFilter.byteCount) {
        words = Array(repeating: 0, count: max(1, byteCount / 8))
    }

    /// Adds a name.
    ///
    /// - Returns: Whether the name may have been added before; false is certain.
    public mutating func insert(_ name: String) -> Bool {
        var (first, second) = (Hasher(), Hasher())
        first.combine(0)
        second.combine(1)
        var name = name
        // The bytes, because hashing a String hashes its normalized form.
        name.withUTF8 { bytes in
            unsafe first.combine(bytes: UnsafeRawBufferPointer(bytes))
            unsafe second.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        let start = UInt64(bitPattern: Int64(first.finalize()))
        let step = UInt64(bitPattern: Int64(second.finalize())) | 1
        var wasThere = true
        for number in 0..<Self.bitsPerName {
            let bit = (start &+ UInt64(number) &* step) % UInt64(words.count * 64)
            let mask = UInt64(1) << (bit % 64)
            wasThere = wasThere && words[Int(bit / 64)] & mask != 0
            words[Int(bit / 64)] |= mask
        }
        return wasThere
    }
}
