/// Whose data it is; every key in the store begins with the tenant.
public struct Tenant: Hashable, Sendable, CustomStringConvertible {
    /// 1…64 characters of `a-z`, `0-9`, `-`, starting with a letter; fit for a folder's name.
    public let description: String

    /// The command line's tenant.
    public static let `default` = Tenant(unchecked: "default")

    /// Checks a name that came from outside; nil unless it is fit for a folder's name.
    public init?(_ name: String) {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = name.utf8.first, letters.contains(first), name.utf8.count <= 64,
            name.utf8.allSatisfy({
                letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-")
            })
        else { return nil }
        description = name
    }

    private init(unchecked name: String) {
        description = name
    }
}
