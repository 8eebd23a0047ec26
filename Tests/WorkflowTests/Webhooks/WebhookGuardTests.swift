import Foundation
import Testing
import Workflow

/// Where webhooks may go: addresses, URLs, and both together.
struct WebhookGuardTests {
    @Test(arguments: [
        ("8.8.8.8", AddressKind.public), ("1.1.1.1", .public), ("172.15.255.255", .public),
        ("172.32.0.0", .public), ("100.63.255.255", .public), ("100.128.0.0", .public),
        ("169.253.255.255", .public), ("223.255.255.255", .public), ("126.255.255.255", .public),
        ("0.0.0.0", .unspecified), ("0.255.255.255", .unspecified), ("10.0.0.1", .private),
        ("172.16.0.1", .private), ("172.31.255.255", .private), ("192.168.1.1", .private),
        ("100.64.0.1", .shared), ("100.100.100.200", .shared), ("127.0.0.1", .loopback),
        ("127.255.255.254", .loopback), ("169.254.169.254", .linkLocal),
        ("168.63.129.16", .metadata), ("192.0.0.192", .reserved), ("192.0.2.1", .reserved),
        ("192.88.99.1", .reserved), ("198.18.0.1", .reserved), ("198.51.100.1", .reserved),
        ("203.0.113.9", .reserved), ("224.0.0.1", .multicast), ("239.255.255.255", .multicast),
        ("240.0.0.1", .reserved), ("255.255.255.255", .reserved),
        ("2606:4700::1111", .public), ("2a00::1", .public), ("::", .unspecified),
        ("::1", .loopback), ("::127.0.0.1", .reserved), ("::ffff:127.0.0.1", .loopback),
        ("::ffff:8.8.8.8", .public), ("::ffff:169.254.169.254", .linkLocal),
        ("64:ff9b::10.0.0.1", .private), ("64:ff9b::8.8.8.8", .public),
        ("64:ff9b:1::8.8.8.8", .reserved), ("2002:7f00:1::", .loopback),
        ("2002:a00:1::", .private), ("2001::1", .reserved), ("2001:db8::1", .reserved),
        ("3fff::1", .reserved), ("100::1", .reserved), ("fc00::1", .private),
        ("fd12:3456::1", .private), ("fd00:ec2::254", .metadata), ("fe80::1", .linkLocal),
        ("fec0::1", .reserved), ("ff02::1", .multicast), ("4000::1", .reserved),
    ])
    func everyAddressIsOfOneKind(text: String, kind: AddressKind) throws {
        #expect(try #require(IPAddress(text)).kind == kind)
    }

    @Test(arguments: ["", "127.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "1.2.3.4.5", "::g"])
    func otherFormsAreNoAddresses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("10.1.2.0/23", "10.1.3.255", true), ("10.1.2.0/23", "10.1.4.0", false),
        ("fd00::/9", "fd7f::1", true), ("fd00::/9", "fd80::1", false),
        ("::/0", "10.0.0.1", false), ("127.0.0.1/32", "127.0.0.1", true),
    ])
    func aNetworkHoldsItsAddresses(network: String, address: String, holds: Bool) throws {
        let network = try #require(IPNetwork(network))
        #expect(network.contains(try #require(IPAddress(address))) == holds)
    }

    @Test(arguments: ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0", "/8", "::1/129", "10.0.0.0/-1"])
    func aPrefixWithBitsBehindItIsNoNetwork(text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test
    func aURLIsTakenApartAsItIsSent() throws {
        let url = try WebhookURL("https://Hooks.Example:8443/a%20b/c?d=e&f")
        #expect(url.isEncrypted && url.host == "hooks.example" && url.port == 8443)
        #expect(url.target == "/a%20b/c?d=e&f" && url.authority == "hooks.example:8443")
        let plain = try WebhookURL("https://hooks.example:443")
        #expect(plain.target == "/" && plain.authority == "hooks.example" && plain.port == 443)
        let six = try WebhookURL("https://[2606:4700::1]:9/x")
        #expect(six.host == "2606:4700::1" && six.authority == "[2606:4700::1]:9")
        #expect(six.address == IPAddress("2606:4700::1"))
    }

    private static let longest =
        "https://a.example/" + String(repeating: "x", count: WebhookURL.byteCountLimit - 18)

    @Test(arguments: [
        ("", WebhookURLError.length(byteCount: 0, limit: 2_048)),
        (longest + "x", .length(byteCount: 2_049, limit: 2_048)),
        ("ftp://a.example/", .scheme), ("//a.example/", .scheme), ("a.example", .scheme),
        ("https://user@a.example/", .userInformation),
        ("https://user:secret@a.example/", .userInformation),
        ("https://a.example@b.example/", .userInformation),
        ("https://a.example/#here", .fragment), ("https:///path", .host),
        ("https://a b.example/", .malformed), ("https://a.example/\r\nX: y", .malformed),
        ("https://a.example\\@b.example/", .malformed), ("https://bücher.example/", .malformed),
        ("https://127.1/", .host), ("https://2130706433/", .host), ("https://0x7f.1/", .host),
        ("https://0177.0.0.1/", .host), ("https://a_b.example/", .host),
        ("https://%31%32%37.0.0.1/", .host), ("https://[fe80::1%25eth0]/", .host),
        ("https://a.example:0/", .port), ("https://a.example:65536/", .port),
    ])
    func whatIsNoReceiversURLIsRefused(text: String, error: WebhookURLError) {
        #expect(throws: error) { try WebhookURL(text) }
    }

    @Test
    func theLongestURLIsTaken() throws {
        #expect(try WebhookURL(Self.longest).host == "a.example")
    }

    /// A URL, what its name is resolved to, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let url: String
        let addresses: [String]
        var opened: [String] = []
        let error: WebhookURLError?

        var testDescription: String { "\(url) -> \(addresses) with \(opened)" }
    }

    @Test(arguments: [
        Case(url: "https://a.example/", addresses: ["8.8.8.8"], error: nil),
        Case(url: "https://a.example/", addresses: ["8.8.8.8", "2606:4700::1"], error: nil),
        Case(
            url: "https://a.example/", addresses: ["8.8.8.8", "10.0.0.1"],
            error: .addressRefused(.private)),
        Case(
            url: "https://a.example/", addresses: ["169.254.169.254"],
            error: .addressRefused(.linkLocal)),
        Case(
            url: "https://a.example/", addresses: ["::ffff:127.0.0.1"],
            error: .addressRefused(.loopback)),
        Case(
            url: "https://a.example/", addresses: ["10.1.2.3"], opened: ["10.1.0.0/16"],
            error: nil),
        Case(
            url: "https://a.example/", addresses: ["10.2.2.3"], opened: ["10.1.0.0/16"],
            error: .addressRefused(.private)),
        Case(url: "https://a.example:8443/", addresses: ["8.8.8.8"], error: .portClosed(8443)),
        Case(url: "http://a.example/", addresses: ["8.8.8.8"], error: .unencrypted),
        Case(
            url: "http://a.example/", addresses: ["10.1.2.3"], opened: ["10.0.0.0/8"],
            error: .unencrypted),
        Case(
            url: "http://a.example:8080/", addresses: ["127.0.0.1"],
            error: .addressRefused(.loopback)),
        Case(
            url: "http://a.example:8080/", addresses: ["127.0.0.1", "::1"],
            opened: ["127.0.0.0/8", "::1/128"], error: nil),
        Case(
            url: "http://a.example:8080/", addresses: ["127.0.0.1", "8.8.8.8"],
            opened: ["127.0.0.0/8"], error: .unencrypted),
    ])
    func everyAddressOfANameMustBeOpen(_ item: Case) throws {
        let guardian = WebhookGuard(networks: item.opened.compactMap(IPNetwork.init), ports: [443])
        let url = try WebhookURL(item.url)
        let addresses = item.addresses.compactMap(IPAddress.init)
        let error = refusal { () throws(WebhookURLError) in
            try guardian.check(url, resolvedTo: addresses)
        }
        #expect(error == item.error)
    }

    @Test(arguments: [
        ("https://a.example/", nil),
        ("https://127.0.0.1/", WebhookURLError.addressRefused(.loopback)),
        ("https://[::1]/", .addressRefused(.loopback)),
        ("https://[::ffff:169.254.169.254]/", .addressRefused(.linkLocal)),
        ("http://localhost:8080/", .addressRefused(.loopback)),
        ("https://8.8.8.8/", nil), ("http://8.8.8.8/", .unencrypted),
        ("https://a.example:25/", .portClosed(25)),
    ])
    func literalAddressesAreCheckedAtOnce(text: String, error: WebhookURLError?) throws {
        let url = try WebhookURL(text)
        let guardian = WebhookGuard(networks: [], ports: [443])
        #expect(refusal { () throws(WebhookURLError) in try guardian.check(url) } == error)
    }

    private func refusal(_ check: () throws(WebhookURLError) -> Void) -> WebhookURLError? {
        do {
            try check()
            return nil
        } catch {
            return error
        }
    }
}
