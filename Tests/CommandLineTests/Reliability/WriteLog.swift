import Foundation

/// A recorded sequence of system calls, as `scripts/faults/faults.c` writes it.
struct WriteLog {
    /// One call that succeeded.
    enum Call {
        case create(path: String, file: UInt64)
        case write(file: UInt64, offset: Int, bytes: Data)
        case truncate(file: UInt64, byteCount: Int)
        case sync(file: UInt64, path: String)
        case rename(String, String)
        case link(String, String)
        case remove(String)
        case makeFolder(String)
        case removeFolder(String)
        /// Bytes on standard output: something was acknowledged.
        case acknowledge(Data)
    }

    let calls: [Call]

    init(_ bytes: Data) throws {
        var calls: [Call] = []
        var rest = bytes[...]
        func number(_ count: Int) throws -> Int {
            guard rest.count >= count else { throw CocoaError(.fileReadCorruptFile) }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count).reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        while let kind = rest.popFirst() {
            let (file, offset) = (UInt64(try number(8)), try number(8))
            _ = try number(8)
            let (firstCount, secondCount) = (try number(4), try number(4))
            let first = Data(rest.prefix(firstCount))
            rest = rest.dropFirst(firstCount)
            let second = String(decoding: rest.prefix(secondCount), as: UTF8.self)
            rest = rest.dropFirst(secondCount)
            let text = String(decoding: first, as: UTF8.self)
            switch UnicodeScalar(kind) {
            case "c": calls.append(.create(path: text, file: file))
            case "w": calls.append(.write(file: file, offset: offset, bytes: first))
            case "t": calls.append(.truncate(file: file, byteCount: offset))
            case "s": calls.append(.sync(file: file, path: text))
            case "r": calls.append(.rename(text, second))
            case "l": calls.append(.link(text, second))
            case "u": calls.append(.remove(text))
            case "m": calls.append(.makeFolder(text))
            case "d": calls.append(.removeFolder(text))
            case "a": calls.append(.acknowledge(first))
            default: throw CocoaError(.fileReadCorruptFile)
            }
        }
        self.calls = calls
    }
}

/// What a disk may hold when power is lost: everything that was synced, and of the rest any part in
/// any order.
///
/// Contents: writes to a file since its last sync are each kept, dropped or torn at a multiple of
/// 512 bytes, and may arrive in another order. Names: those of a folder that was synced since are
/// kept; the others take effect in order up to a random one, as in a file system with a journal.
struct LostPower {
    private struct File {
        var bytes = Data()
        var pending: [WriteLog.Call] = []
    }

    private var files: [UInt64: File] = [:]
    private var names: [(call: WriteLog.Call, isDurable: Bool)] = []

    /// The calls up to a cut.
    init(_ calls: some Sequence<WriteLog.Call>) {
        for call in calls { take(call) }
    }

    private mutating func take(_ call: WriteLog.Call) {
        switch call {
        case .create(_, let file):
            files[file] = File()
            names.append((call, false))
        case .write(let file, _, _), .truncate(let file, _):
            files[file, default: File()].pending.append(call)
        case .sync(let file, let path):
            if var synced = files[file] {
                for call in synced.pending { Self.apply(call, to: &synced.bytes) }
                synced.pending = []
                files[file] = synced
            }
            for index in names.indices where Self.folders(of: names[index].call).contains(path) {
                names[index].isDurable = true
            }
        case .rename, .link, .remove, .makeFolder, .removeFolder: names.append((call, false))
        case .acknowledge: break
        }
    }

    /// Puts one possible state into a new folder.
    ///
    /// - Parameter original: The folder's path in the log.
    func write(
        to target: URL, original: String, using random: inout some RandomNumberGenerator
    ) throws {
        let manager = FileManager.default
        try manager.createDirectory(
            at: target, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let undecided = names.indices.filter { !names[$0].isDurable }
        let cut = undecided.isEmpty ? 0 : Int.random(in: 0...undecided.count, using: &random)
        let dropped = Set(undecided[cut...])
        var numbers: [String: UInt64] = [:]
        var folders: [String] = []
        for index in names.indices where !dropped.contains(index) {
            switch names[index].call {
            case .create(let path, let file): numbers[path] = file
            case .rename(let from, let to):
                if let file = numbers.removeValue(forKey: from) { numbers[to] = file }
            case .link(let from, let to): numbers[to] = numbers[from]
            case .remove(let path): numbers[path] = nil
            case .makeFolder(let path): folders.append(path)
            case .removeFolder(let path): folders.removeAll { $0 == path }
            default: break
            }
        }
        for folder in folders where folder.hasPrefix(original + "/") {
            try manager.createDirectory(
                at: target.appending(path: folder.dropFirst(original.count + 1)),
                withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        var survived: [UInt64: Data] = [:]
        for (path, number) in numbers.sorted(by: { $0.key < $1.key }) {
            let bytes = survived[number] ?? Self.survivor(of: files[number], using: &random)
            survived[number] = bytes
            let file = target.appending(path: path.dropFirst(original.count + 1))
            guard manager.fileExists(atPath: file.deletingLastPathComponent().path) else {
                continue
            }
            try bytes.write(to: file)
            try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        }
    }

    private static func survivor(
        of file: File?, using random: inout some RandomNumberGenerator
    ) -> Data {
        guard let file else { return Data() }
        var bytes = file.bytes
        var pending = file.pending
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return bytes
        case 1: break
        case 2: pending = pending.filter { _ in Bool.random(using: &random) }
        default:
            pending = pending.filter { _ in Bool.random(using: &random) }
                .shuffled(using: &random)
                .map { torn($0, using: &random) }
        }
        for call in pending { apply(call, to: &bytes) }
        return bytes
    }

    /// Keeps some sectors of a write.
    private static func torn(
        _ call: WriteLog.Call, using random: inout some RandomNumberGenerator
    ) -> WriteLog.Call {
        guard case .write(let file, let offset, let bytes) = call, bytes.count > 512 else {
            return call
        }
        let count = Int.random(in: 0...bytes.count / 512, using: &random) * 512
        return .write(file: file, offset: offset, bytes: bytes.prefix(count))
    }

    private static func apply(_ call: WriteLog.Call, to bytes: inout Data) {
        switch call {
        case .write(_, let offset, let new):
            let end = offset + new.count
            if bytes.count < end { bytes.append(Data(count: end - bytes.count)) }
            bytes.replaceSubrange(offset..<end, with: new)
        case .truncate(_, let byteCount):
            if byteCount < bytes.count {
                bytes = Data(bytes.prefix(byteCount))
            } else {
                bytes.append(Data(count: byteCount - bytes.count))
            }
        default: break
        }
    }

    /// The folders whose entries a call changes.
    private static func folders(of call: WriteLog.Call) -> [String] {
        func parent(_ path: String) -> String {
            URL(filePath: path).deletingLastPathComponent().path
        }
        switch call {
        case .create(let path, _), .remove(let path), .makeFolder(let path),
            .removeFolder(let path):
            return [parent(path)]
        case .rename(let from, let to), .link(let from, let to):
            return parent(from) == parent(to) ? [parent(to)] : [parent(to), parent(from)]
        default: return []
        }
    }
}
