import Foundation

/// The entries of one folder in the order of their names' bytes, a page at a time.
///
/// A folder of a million files is read several times instead of being held in memory: each pass
/// keeps the least names that follow the page before. Names are compared as bytes, the order in
/// which the casebook lists results.
package struct FolderPages {
    /// What an entry is, as far as a walk needs to know.
    package enum Kind: Hashable {
        case file, folder, other
    }

    /// One name in the folder.
    package struct Entry: Hashable {
        package let name: String
        package let kind: Kind
    }

    /// Names held at once: a few megabytes, and sixteen passes over a folder of a million.
    package static let pageCountLimit = 65_536

    private let path: String
    private let pageCount: Int
    private var page: ArraySlice<Entry>

    /// Reads the first page; nil if the folder cannot be listed.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - pageCount: Names a page; fewer only in tests.
    package init?(path: String, pageCount: Int = FolderPages.pageCountLimit) {
        guard let page = Self.entries(of: path, after: nil, count: pageCount) else { return nil }
        self.path = path
        self.pageCount = pageCount
        self.page = page[...]
    }

    /// The next entry; nil at the end, and when the folder has gone meanwhile.
    package mutating func next() -> Entry? {
        guard let entry = page.popFirst() else { return nil }
        if page.isEmpty {
            page = Self.entries(of: path, after: entry.name, count: pageCount)?[...] ?? []
        }
        return entry
    }

    /// The least `count` entries whose names follow `last`, hidden ones left out; nil if the folder
    /// cannot be read.
    private static func entries(of path: String, after last: String?, count: Int) -> [Entry]? {
        guard let folder = unsafe opendir(path) else { return nil }
        defer { unsafe closedir(folder) }
        var found: [Entry] = []
        while let entry = unsafe readdir(folder) {
            // readdir(3) terminates d_name with NUL, and the entry lives until the next call.
            let bytes = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe Array(bytes.prefix { $0 != 0 })
            }
            guard bytes.first != UInt8(ascii: ".") else { continue }
            let name = readable(bytes)
            if let last, !isBefore(last, name) { continue }
            let type = unsafe Int(entry.pointee.d_type)
            found.append(Entry(name: name, kind: kind(type, of: path + "/" + name)))
            if found.count >= 2 * count { found = least(found, count) }
        }
        return least(found, count)
    }

    private static func least(_ entries: [Entry], _ count: Int) -> [Entry] {
        Array(entries.sorted { isBefore($0.name, $1.name) }.prefix(count))
    }

    private static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// A name as text; bytes that are no UTF-8 are written out, so that two names never become one.
    private static func readable(_ bytes: [UInt8]) -> String {
        if let name = String(validating: bytes, as: UTF8.self) { return name }
        return bytes.map { byte in
            byte < 0x80
                ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16, uppercase: false)
        }.joined()
    }

    private static func kind(_ type: Int, of path: String) -> Kind {
        switch type {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_UNKNOWN): kindByStatus(of: path)
        default: .other
        }
    }

    /// Asks the file itself, for file systems that do not tell while listing.
    private static func kindByStatus(of path: String) -> Kind {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return .other }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }
}
