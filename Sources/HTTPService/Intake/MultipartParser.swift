import Foundation
package import NIOCore

/// Takes a multipart body apart as it arrives, holding no more of it than one chunk and a
/// delimiter: RFC 2046, 5.1, with the headers of RFC 7578.
///
/// Bytes go in with ``append(_:)``, events come out of ``next()`` until it says nil; after the last
/// bytes, ``finish()`` tells whether the body was whole. The parser never looks at file names.
package struct MultipartParser {
    /// What was met in the body.
    package enum Event: Equatable {
        /// A part begins.
        case part(PartHeaders)
        /// The next bytes of the part.
        case bytes(ByteBuffer)
        /// The part is complete.
        case partEnd
    }

    /// Bytes of one part's headers: a name, a file name and a type are far shorter.
    package static let headerByteCountLimit = 8_192
    /// Bytes before the first delimiter: mail programs wrote a sentence there.
    package static let preambleByteCountLimit = 1_024

    private enum State {
        case preamble, delimiter, headers, body, epilogue
    }

    private let delimiter: [UInt8]
    private var buffer: ByteBuffer
    private var state = State.preamble

    /// Parses a body with this boundary, 1 to 70 characters (RFC 2046, 5.1.1).
    package init(boundary: String) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may stand at the very beginning, without a line before it.
        buffer = ByteBuffer(string: "\r\n")
    }

    /// Takes in the next bytes of the body.
    package mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next thing in the body; nil if more bytes are needed or the body is over.
    ///
    /// - Throws: ``MultipartError``.
    package mutating func next() throws(MultipartError) -> Event? {
        while true {
            switch state {
            case .preamble:
                guard let position = buffer.offset(of: delimiter) else {
                    guard buffer.readableBytes <= Self.preambleByteCountLimit else {
                        throw .noDelimiter
                    }
                    return nil
                }
                buffer.moveReaderIndex(forwardBy: position + delimiter.count)
                state = .delimiter
            case .delimiter:
                guard try readDelimiterEnd() else { return nil }
            case .headers:
                guard let headers = try readHeaders() else { return nil }
                state = .body
                return .part(headers)
            case .body:
                return readBody()
            case .epilogue:
                // What follows the last delimiter says nothing.
                buffer.clear()
                return nil
            }
        }
    }

    /// Checks that the closing delimiter was met.
    ///
    /// - Throws: ``MultipartError/incomplete``.
    package func finish() throws(MultipartError) {
        guard case .epilogue = state else { throw .incomplete }
    }

    /// Reads what follows a delimiter: blanks and a line end, or the two dashes of the last one.
    ///
    /// - Returns: False if more bytes are needed.
    private mutating func readDelimiterEnd() throws(MultipartError) -> Bool {
        let rest = buffer.readableBytesView.prefix(64)
        if rest.starts(with: Array("--".utf8)) {
            state = .epilogue
            return true
        }
        let afterBlanks = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        if afterBlanks.starts(with: Array("\r\n".utf8)) {
            buffer.moveReaderIndex(forwardBy: afterBlanks.startIndex - rest.startIndex + 2)
            state = .headers
            return true
        }
        let mayGrow =
            afterBlanks.isEmpty || afterBlanks.elementsEqual([UInt8(ascii: "\r")])
            || rest.elementsEqual([UInt8(ascii: "-")])
        guard mayGrow, rest.count < 64 else { throw .malformedDelimiter }
        return false
    }

    private mutating func readHeaders() throws(MultipartError) -> PartHeaders? {
        if buffer.readableBytesView.starts(with: Array("\r\n".utf8)) { throw .partWithoutName }
        guard let end = buffer.offset(of: Array("\r\n\r\n".utf8)) else {
            guard buffer.readableBytes <= Self.headerByteCountLimit else {
                throw .headersTooLong(limit: Self.headerByteCountLimit)
            }
            return nil
        }
        guard end <= Self.headerByteCountLimit else {
            throw .headersTooLong(limit: Self.headerByteCountLimit)
        }
        let text = buffer.readString(length: end) ?? ""
        // The delimiter that ends an empty part begins with the line end of the headers.
        buffer.moveReaderIndex(forwardBy: 2)
        return try PartHeaders(text)
    }

    /// The bytes up to the next delimiter, or all but what may be the beginning of one.
    private mutating func readBody() -> Event? {
        if skipsLineEnd {
            // The blank line's own end; it may also be where the delimiter begins.
            guard buffer.readableBytes >= delimiter.count else { return nil }
            skipsLineEnd = false
            if !buffer.readableBytesView.starts(with: delimiter) {
                buffer.moveReaderIndex(forwardBy: 2)
            }
        }
        if let position = buffer.offset(of: delimiter) {
            if position > 0, let bytes = buffer.readSlice(length: position) {
                return .bytes(bytes)
            }
            buffer.moveReaderIndex(forwardBy: delimiter.count)
            state = .delimiter
            skipsLineEnd = true
            return .partEnd
        }
        let safeCount = buffer.readableBytes - delimiter.count + 1
        guard safeCount > 0, let bytes = buffer.readSlice(length: safeCount) else { return nil }
        return .bytes(bytes)
    }

    /// Whether the line end after a part's headers is still unread.
    private var skipsLineEnd = true
}

/// Why a multipart body cannot be taken apart.
package enum MultipartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The body does not begin with the boundary that the header names.
    case noDelimiter
    /// Something else than a line end or two dashes follows a delimiter.
    case malformedDelimiter
    /// The headers of a part are longer than ``MultipartParser/headerByteCountLimit``.
    case headersTooLong(limit: Int)
    /// A header of a part is no `Name: value` in UTF-8.
    case malformedHeader
    /// A part has no `Content-Disposition: form-data; name="…"`.
    case partWithoutName
    /// The body ended before the closing delimiter.
    case incomplete
    /// `Content-Type` names no boundary of 1 to 70 characters.
    case noBoundary

    package var description: String {
        switch self {
        case .noDelimiter: "the body does not begin with the boundary that Content-Type names"
        case .malformedDelimiter: "a boundary is not followed by a line end or by '--'"
        case .headersTooLong(let limit): "a part's headers have more than \(limit) bytes"
        case .malformedHeader: "a part has a header that is no 'Name: value' in UTF-8"
        case .partWithoutName:
            "a part has no header 'Content-Disposition: form-data; name=\"…\"'"
        case .incomplete: "the body ended before its closing boundary"
        case .noBoundary: "Content-Type names no boundary of 1 to 70 characters"
        }
    }
}

extension ByteBuffer {
    /// Where a delimiter first occurs among the readable bytes, counted from the reader index.
    ///
    /// - Parameter needle: Begins with a carriage return, which photos hold once in 256 bytes.
    /// - Complexity: that of `memchr(3)` and a comparison at each carriage return.
    fileprivate func offset(of needle: [UInt8]) -> Int? {
        unsafe withUnsafeReadableBytes { hay in
            guard let start = hay.baseAddress else { return nil }
            var from = 0
            while hay.count - from >= needle.count {
                // In bounds: at least `needle.count` bytes follow from `from`.
                guard
                    let hit = unsafe memchr(
                        start + from, Int32(UInt8(ascii: "\r")), hay.count - from - needle.count + 1
                    )
                else { return nil }
                let position = unsafe UnsafeRawPointer(hit) - start
                let isFound = unsafe needle.withUnsafeBytes {
                    guard let wanted = $0.baseAddress else { return false }
                    return unsafe memcmp(start + position, wanted, $0.count) == 0
                }
                if isFound { return position }
                from = position + 1
            }
            return nil
        }
    }
}
