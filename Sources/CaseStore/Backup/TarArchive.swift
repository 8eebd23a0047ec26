import Crypto
import Foundation

/// The header of one file in a tar archive: POSIX.1-1988 `ustar`, 512 bytes.
///
/// Name (100 bytes), mode, owner and group (8 each), size (12), time (12), checksum (8), kind (1),
/// link (100), `ustar` and version (8); numbers in octal digits, but a size from 8 GiB on in base
/// 256, as GNU tar writes and every tar reads. Other fields are empty.
///
/// - SeeAlso: `tar(5)`.
struct TarHeader: Hashable {
    static let byteCount = 512
    /// An archive ends with two blocks of zeros.
    static let end = Data(count: 2 * byteCount)

    let name: String
    let contentByteCount: Int64

    /// Zeros that follow contents, so that the next header begins at a multiple of 512.
    static func padding(after byteCount: Int64) -> Int {
        Int((512 - byteCount % 512) % 512)
    }

    /// The block as written.
    ///
    /// - Parameter modifiedAt: Seconds since 1970.
    func block(modifiedAt: Int64) -> Data {
        var block = Data(count: Self.byteCount)
        func put(_ bytes: some Collection<UInt8>, at offset: Int) {
            block.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        }
        func octal(_ value: Int64, digitCount: Int) -> Data {
            let digits = String(value, radix: 8)
            return Data((String(repeating: "0", count: digitCount - digits.count) + digits).utf8)
        }
        put(Data(name.utf8.prefix(99)), at: 0)
        put(octal(0o600, digitCount: 7), at: 100)
        put(octal(0, digitCount: 7), at: 108)
        put(octal(0, digitCount: 7), at: 116)
        if contentByteCount < 1 << 33 {
            put(octal(contentByteCount, digitCount: 11), at: 124)
        } else {
            put([0x80, 0, 0, 0], at: 124)
            put(
                (0..<8).map { UInt8(truncatingIfNeeded: contentByteCount >> (56 - 8 * $0)) },
                at: 128)
        }
        put(octal(modifiedAt, digitCount: 11), at: 136)
        put([UInt8(ascii: "0")], at: 156)
        put(Data("ustar\u{0}00".utf8), at: 257)
        put(octal(Self.checksum(of: block), digitCount: 6) + Data([0, 0x20]), at: 148)
        return block
    }

    init(name: String, contentByteCount: Int64) {
        self.name = name
        self.contentByteCount = contentByteCount
    }

    /// Reads a block; nil unless it is a header of a plain file that this build could have written.
    init?(_ block: Data) {
        let bytes = [UInt8](block)
        guard bytes.count == Self.byteCount, bytes[257..<262].elementsEqual("ustar".utf8),
            bytes[156] == UInt8(ascii: "0"), bytes[345] == 0,
            Self.octal(bytes[148..<154]) == Self.checksum(of: block)
        else { return nil }
        name = String(decoding: bytes[0..<100].prefix { $0 != 0 }, as: UTF8.self)
        if bytes[124] == 0x80 {
            guard bytes[125..<128].allSatisfy({ $0 == 0 }), bytes[128] < 0x80 else { return nil }
            contentByteCount = bytes[128..<136].reduce(0) { $0 << 8 | Int64($1) }
        } else {
            guard let count = Self.octal(bytes[124..<135]) else { return nil }
            contentByteCount = count
        }
    }

    /// The sum of all bytes with the checksum's own field as spaces.
    private static func checksum(of block: Data) -> Int64 {
        let bytes = [UInt8](block)
        let all = bytes.reduce(Int64(0)) { $0 + Int64($1) }
        return all - bytes[148..<156].reduce(0) { $0 + Int64($1) } + 8 * 0x20
    }

    private static func octal(_ digits: ArraySlice<UInt8>) -> Int64? {
        Int64(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}

/// Writes a tar archive front to back with bounded memory, and hashes what it writes.
struct TarWriter {
    private static let chunkByteCount = 1 << 20

    private let descriptor: FileDescriptor
    private let modifiedAt: Int64
    private var hash = SHA256()
    private(set) var byteCount: Int64 = 0

    init(_ descriptor: FileDescriptor, modifiedAt: Int64) {
        self.descriptor = descriptor
        self.modifiedAt = modifiedAt
    }

    /// SHA-256 of everything written so far.
    var digest: String { hexadecimal(hash.finalize()) }

    /// Adds a file; its size must not change meanwhile.
    ///
    /// - Returns: SHA-256 of its contents.
    @discardableResult
    mutating func add(
        _ file: FileDescriptor, name: String, byteCount: Int64
    ) throws(CaseStoreError) -> String {
        try write(TarHeader(name: name, contentByteCount: byteCount).block(modifiedAt: modifiedAt))
        var contents = SHA256()
        var offset: Int64 = 0
        while offset < byteCount {
            let count = Int(min(Int64(Self.chunkByteCount), byteCount - offset))
            let chunk = try file.read(at: offset, count: count)
            guard chunk.count == count else {
                throw .fileSystem(operation: "read", path: name, reason: "it became shorter")
            }
            contents.update(data: chunk)
            try write(chunk)
            offset += Int64(count)
        }
        try write(Data(count: TarHeader.padding(after: byteCount)))
        return hexadecimal(contents.finalize())
    }

    /// Adds bytes as a file.
    mutating func add(_ bytes: Data, name: String) throws(CaseStoreError) {
        let header = TarHeader(name: name, contentByteCount: Int64(bytes.count))
        try write(header.block(modifiedAt: modifiedAt))
        try write(bytes + Data(count: TarHeader.padding(after: Int64(bytes.count))))
    }

    /// Ends the archive and makes it durable.
    mutating func finish() throws(CaseStoreError) {
        try write(TarHeader.end)
        try descriptor.sync()
    }

    private mutating func write(_ bytes: Data) throws(CaseStoreError) {
        try descriptor.write(bytes)
        hash.update(data: bytes)
        byteCount += Int64(bytes.count)
    }
}

/// Reads a tar archive front to back with bounded memory, and hashes what it reads.
struct TarReader {
    private static let chunkByteCount = 1 << 20

    private let descriptor: FileDescriptor
    private let path: String
    private var hash = SHA256()
    private var offset: Int64 = 0

    init(_ file: URL) throws(CaseStoreError) {
        descriptor = try FileSystem.open(file, O_RDONLY)
        path = file.path
    }

    /// SHA-256 of everything before the present header.
    private(set) var digestBefore = ""
    /// Bytes before the present header.
    private(set) var byteCountBefore: Int64 = 0

    /// The next file's header; nil at the end of the archive.
    mutating func next() throws(CaseStoreError) -> TarHeader? {
        digestBefore = hexadecimal(hash.finalize())
        byteCountBefore = offset
        let block = try read(TarHeader.byteCount)
        if block.allSatisfy({ $0 == 0 }) { return nil }
        guard let header = TarHeader(block) else {
            throw invalid("there is no file header at byte \(byteCountBefore)")
        }
        return header
    }

    /// Gives the contents of the present file, a piece at a time.
    mutating func contents(
        of header: TarHeader, _ body: (Data) throws -> Void
    ) throws {
        var left = header.contentByteCount
        while left > 0 {
            let chunk = try read(Int(min(Int64(Self.chunkByteCount), left)))
            try body(chunk)
            left -= Int64(chunk.count)
        }
        _ = try read(TarHeader.padding(after: header.contentByteCount))
    }

    /// The error that names this archive.
    func invalid(_ reason: String) -> CaseStoreError { .backupInvalid(path: path, reason: reason) }

    private mutating func read(_ count: Int) throws(CaseStoreError) -> Data {
        guard count > 0 else { return Data() }
        let bytes = try descriptor.read(at: offset, count: count)
        guard bytes.count == count else { throw invalid("it ends early, at byte \(offset)") }
        hash.update(data: bytes)
        offset += Int64(count)
        return bytes
    }
}
