import Foundation
import Testing

/// No key, token or password of anyone lies in the repository.
struct SecretTests {
    /// A kind of secret, what it looks like, and an example put together here.
    struct Kind: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let pattern: String
        let example: String
    }

    static let kinds = [
        Kind(
            testDescription: "private key",
            pattern: "-----BEGIN [A-Z ]*PRIVATE KEY-----\\s+[A-Za-z0-9+/=]{32}",
            example: "-----BEGIN PRIVATE KEY" + "-----\n" + String(repeating: "A", count: 40)),
        Kind(
            testDescription: "key file of this program",
            pattern: "regrade\\.[a-z]+-key/1 [A-Za-z0-9+/]{43}=",
            example: "regrade.signing-key/" + "1 " + String(repeating: "A", count: 43) + "="),
        Kind(
            testDescription: "API key of this program",
            pattern: "key_[0-9A-HJKMNP-TV-Z]{26}\\.[A-Za-z0-9_-]{43}",
            example: "key_" + String(repeating: "0", count: 26) + "."
                + String(repeating: "A", count: 43)),
        Kind(
            testDescription: "webhook secret", pattern: "whsec_[A-Za-z0-9+/]{32,}",
            example: "whsec" + "_" + String(repeating: "C", count: 32)),
        Kind(
            testDescription: "cloud access key", pattern: "\\b(AKIA|ASIA)[0-9A-Z]{16}\\b",
            example: "AK" + "IA" + String(repeating: "Z", count: 16)),
        Kind(
            testDescription: "forge token",
            pattern: "\\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\\w{40}|glpat-[\\w-]{20})",
            example: "gh" + "p_" + String(repeating: "a", count: 36)),
        Kind(
            testDescription: "JSON web token",
            pattern: "\\beyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]{20,}",
            example: "ey" + "Jhbxxxxxxxxxx.ey" + "Jzdxxxxxxxxxx."
                + String(repeating: "s", count: 24)
        ),
        Kind(
            testDescription: "password in an address",
            pattern: "https?://[^\\s/:@{}$\"]+:[^\\s/@{}$\"]{6,}@",
            example: "https://someone:" + "hunter22" + "@example.org"),
    ]

    /// Texts of these shapes that are no secrets: the example of Standard Webhooks, and an address
    /// that must be refused.
    static let published: Set<String> = [
        "whsec" + "_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "https://user" + ":secret@",
    ]

    @Test(arguments: kinds)
    func theRepositoryHoldsNoSecret(_ kind: Kind) throws {
        let pattern = try Regex(kind.pattern)
        #expect(kind.example.firstMatch(of: pattern) != nil)
        for file in Checkout.textFiles {
            for match in file.text.matches(of: pattern) {
                let found = String(file.text[match.range])
                #expect(
                    Self.published.contains(found),
                    "\(file.path) holds a \(kind.testDescription): \(found.prefix(24))…")
            }
        }
    }
}
