import CaseStore
import Foundation
import ReturnsDomain
import Testing

/// Whose key a text is, and whether it still opens anything.
@Suite struct APIKeyTests {
    let directory = TemporaryDirectory()

    @Test func aKeyEndsAtItsMoment() async throws {
        let clock = SettableClock()
        let store = try await CaseStore.open(at: directory.url, clock: clock.clock())
        let end = clock.clock().now().advanced(by: .seconds(60))
        let (key, text) = try await store.createAPIKey(
            name: "portal", scopes: [.submit], expiresAt: end)
        clock.advance(by: .milliseconds(59_999))
        #expect(try await store.signIn(text) == .success(key))
        clock.advance(by: .milliseconds(1))
        #expect(try await store.signIn(text) == .failure(.expired))
    }

    @Test func aKeyOpensUntilItIsRevoked() async throws {
        let store = try await CaseStore.open(at: directory.url)
        let (key, text) = try await store.createAPIKey(
            name: "portal", scopes: [.submit], expiresAt: nil)
        #expect(try await store.signIn(text) == .success(key))
        let wrong = String(text.dropLast()) + (text.hasSuffix("A") ? "Q" : "A")
        #expect(try await store.signIn(wrong) != .success(key))
        try await store.revokeAPIKey(key.id)
        #expect(try await store.signIn(text) == .failure(.revoked))
    }
}
