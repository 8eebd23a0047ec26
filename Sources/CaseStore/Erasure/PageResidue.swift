import Foundation

/// Looks for what SQLite leaves behind in the unused part of pages.
///
/// `secure_delete` overwrites what is deleted, but when a B-tree page is split, copies of the rows
/// that moved to its sibling stay in the gap between the page's cell pointers and its cells; the
/// row's own deletion later overwrites only the row.
/// Rebuilding the database (VACUUM) removes them all, but writes every page; so it is done only
/// where this finds something.
///
/// - SeeAlso: <https://www.sqlite.org/fileformat2.html#b_tree_pages>
struct PageResidue {
    /// Shorter traces occur by chance; they count as found.
    static let traceByteCountMinimum = 6

    private let byStart: [UInt32: [[UInt8]]]
    private let isTooShort: Bool

    /// Prepares to look for any of these traces.
    init(of traces: [Data]) {
        var byStart: [UInt32: [[UInt8]]] = [:]
        var isTooShort = false
        for trace in Set(traces) where !trace.isEmpty {
            guard trace.count >= Self.traceByteCountMinimum else {
                isTooShort = true
                continue
            }
            let bytes = [UInt8](trace)
            byStart[Self.start(of: bytes, at: 0), default: []].append(bytes)
        }
        self.byStart = byStart
        self.isTooShort = isTooShort
    }

    /// Whether the unused part of any page of a database file holds a trace; blocks.
    func isFound(in file: URL) throws(CaseStoreError) -> Bool {
        if isTooShort { return true }
        let descriptor = try FileSystem.open(file, O_RDONLY)
        let head = [UInt8](try descriptor.read(at: 0, count: 100))
        guard head.count == 100 else { return false }
        // The page size is a power of two from 512; 65,536 is written as 1.
        let stated = Int(head[16]) << 8 | Int(head[17])
        let pageByteCount = stated == 1 ? 65_536 : stated
        guard pageByteCount >= 512 else { return true }
        let pagesAtOnce = max(1, (1 << 20) / pageByteCount)
        var offset: Int64 = 0
        while true {
            let bytes = [UInt8](
                try descriptor.read(at: offset, count: pagesAtOnce * pageByteCount))
            for start in stride(from: 0, to: bytes.count, by: pageByteCount) {
                let page = bytes[start..<min(start + pageByteCount, bytes.count)]
                if isFound(inGapOf: page, headerAt: offset == 0 && start == 0 ? 100 : 0) {
                    return true
                }
            }
            if bytes.count < pagesAtOnce * pageByteCount { return false }
            offset += Int64(bytes.count)
        }
    }

    private func isFound(inGapOf page: ArraySlice<UInt8>, headerAt header: Int) -> Bool {
        let start = page.startIndex + header
        guard page.count >= header + 12, let kind = PageKind(rawValue: page[start]) else {
            return false
        }
        let cellCount = Int(page[start + 3]) << 8 | Int(page[start + 4])
        let stated = Int(page[start + 5]) << 8 | Int(page[start + 6])
        let contentStart = page.startIndex + (stated == 0 ? 65_536 : stated)
        let gapStart = start + kind.headerByteCount + 2 * cellCount
        guard gapStart < contentStart, contentStart <= page.endIndex else { return false }
        return isFound(in: page[gapStart..<contentStart])
    }

    private func isFound(in gap: ArraySlice<UInt8>) -> Bool {
        guard gap.count >= 4 else { return false }
        for index in gap.startIndex...(gap.endIndex - 4) where gap[index] != 0 {
            guard let candidates = byStart[Self.start(of: gap, at: index)] else { continue }
            let rest = gap[index...]
            if candidates.contains(where: { rest.starts(with: $0) }) { return true }
        }
        return false
    }

    private static func start<Bytes: RandomAccessCollection>(
        of bytes: Bytes, at index: Int
    ) -> UInt32 where Bytes.Element == UInt8, Bytes.Index == Int {
        UInt32(bytes[index]) << 24 | UInt32(bytes[index + 1]) << 16
            | UInt32(bytes[index + 2]) << 8 | UInt32(bytes[index + 3])
    }

    /// The kinds of B-tree pages; every other page has no gap.
    private enum PageKind: UInt8 {
        case indexInterior = 2
        case tableInterior = 5
        case indexLeaf = 10
        case tableLeaf = 13

        var headerByteCount: Int {
            switch self {
            case .indexInterior, .tableInterior: 12
            case .indexLeaf, .tableLeaf: 8
            }
        }
    }
}
