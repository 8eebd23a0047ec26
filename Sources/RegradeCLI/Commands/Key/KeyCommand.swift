import ArgumentParser
import Foundation
import ReturnsDomain
import Workflow

/// `regrade key`: the API keys that clients of the service sign in with.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "API keys of the HTTP service; replaces keys of the record.",
        subcommands: [Create.self, List.self, Revoke.self, KeyRotate.self])

    /// Whose keys.
    struct TenantOption: ParsableArguments {
        @Option(help: "Whose data the key opens; the command line's own by default.")
        var tenant = "default"

        /// The casebook of the tenant.
        func casebook(_ common: CommonOptions) async throws -> Casebook {
            guard let known = Tenant(tenant) else {
                throw Failure(
                    .usage, code: "tenant_invalid",
                    "--tenant is '\(tenant)', expected 1 to 64 of a-z, 0-9 and '-', a letter first")
            }
            let casebook = try await common.casebook(creating: true).forTenant(known)
            OpenCasebooks.standard.add(casebook)
            return casebook
        }
    }

    /// `regrade key create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Creates a key and shows it once; only a hash of it is kept.",
            discussion: """
                Rotate by creating the next key, moving clients over, and revoking the last one.

                  regrade key create shop-frontend --scope submit --expires 90d --data returns
                """)

        @Argument(help: "What people call the key.")
        var name: String

        @Option(
            name: .customLong("scope"),
            help: "submit, review or admin; may be repeated; submit by default.")
        var scopes: [String] = []

        @Option(help: "When it ends, such as 90d or 12h; never by default.")
        var expires: String?

        @OptionGroup var tenant: TenantOption
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let scopes = try Set(
                (self.scopes.isEmpty ? ["submit"] : self.scopes).map { text in
                    guard let scope = APIKey.Scope(rawValue: text) else {
                        throw Failure(
                            .usage, code: "scope_invalid",
                            "--scope is '\(text)', expected submit, review or admin")
                    }
                    return scope
                })
            let expiresAt = try expires.map { Timestamp.now.advanced(by: try lifetime($0)) }
            let (key, text) = try await tenant.casebook(common).createAPIKey(
                name: name, scopes: scopes, expiresAt: expiresAt)
            if common.json {
                try Terminal.standard.say(json: CreatedKey(key: key, secret: text))
            } else {
                Terminal.standard.note(
                    "\(key.id) opens \(scopes.map(\.rawValue).sorted().joined(separator: ", ")) of "
                        + "tenant \(key.tenant); keep the next line, it is not shown again")
                Terminal.standard.say(text)
            }
        }

        /// `90d`, `12h` or `30m`.
        private func lifetime(_ text: String) throws -> Duration {
            let units: [Character: Int] = ["d": 86_400, "h": 3_600, "m": 60]
            guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
                (1...36_500).contains(count)
            else {
                throw Failure(
                    .usage, code: "lifetime_invalid",
                    "--expires is '\(text)', expected a number and d, h or m, such as 90d")
            }
            return .seconds(count * unit)
        }
    }

    /// A key at the only moment its text is known.
    private struct CreatedKey: Encodable {
        let key: APIKey
        let secret: String
    }

    /// `regrade key list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists keys, revoked and expired ones too.")

        @OptionGroup var tenant: TenantOption
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let keys = try await tenant.casebook(common).apiKeys()
            if common.json {
                for key in keys { try Terminal.standard.say(json: key) }
                return
            }
            var table = Table()
            for key in keys {
                let state =
                    key.revokedAt.map { "revoked \($0)" }
                    ?? key.expiresAt.map { ($0 <= .now ? "expired " : "until ") + $0.description }
                    ?? "no end"
                table.add(
                    key.id.description, key.name,
                    key.scopes.map(\.rawValue).sorted().joined(separator: ","), state)
            }
            table.lines.forEach { Terminal.standard.say($0) }
        }
    }

    /// `regrade key revoke`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Ends a key at once.")

        @Argument(help: "The key's id, key_…")
        var id: String

        @OptionGroup var tenant: TenantOption
        @OptionGroup var common: CommonOptions

        func run() async throws {
            // Whoever pastes the whole key means its id.
            guard let known = APIKeyID(String(id.prefix { $0 != "." })) else {
                throw Failure(
                    .usage, code: "api_key_invalid", "the argument is no id that starts with key_")
            }
            try await tenant.casebook(common).revokeAPIKey(known)
            try Terminal.standard.say(
                ["revoked": known.description], json: common.json, or: ["\(known) is revoked"])
        }
    }
}
